using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>Sequences of different lengths on every device: by lengths, by weights and packed, each is what the CPU makes of it in float64, alone and without padding.</summary>
[Trait("Device", "every")]
public class SequenceTests
{
    private const int Longest = 7;
    private const int Size = 3;
    private static readonly int[] Lengths = [7, 3, 1, 5];

    public static TheoryData<string, ScalarType> Places => TestDevices.AndDtypes;

    [Theory]
    [MemberData(nameof(Places))]
    public void PoolingByLengths(string device, ScalarType dtype) => Check(
        new(device, dtype), Lengths, new Draw(1).Normal(4, Longest, Size), arange(1, Longest + 1, dtype: float64).expand(4, -1),
        (place, x) => new RaggedPoolingLayer(2, 0.05).call(x[0], x[1], place.Constant(tensor(Lengths))),
        (place, x, length) => new RankPoolingLayer(2, 0.05).call(x[0], x[1], place.Ones(length)));

    /// <summary>Means, running sums, differences, logsumexp and softmax over a padded axis. Differences want two elements.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void EveryReductionByLengths(string device, ScalarType dtype)
    {
        int[] lengths = [7, 3, 2, 5];
        Check(
            new(device, dtype), lengths, new Draw(2).Normal(4, Longest, Size) * 0.5, new Draw(3).Uniform(0.5, 2, 4, Longest),
            (place, x) => new RaggedMixtureLayer().call(x[0], x[1], place.Constant(tensor(lengths))),
            (place, x, length) => new RaggedMixtureLayer().call(x[0], x[1], place.Constant(tensor(length))));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void PoolingByWeights(string device, ScalarType dtype)
    {
        foreach (var kind in new[] { SolverKind.SpanNewton, SolverKind.Newton })
        {
            var pool = new RankPool(options: new() { Solver = kind });
            Check(
                new(device, dtype), Lengths, new Draw(4).Normal(4, Longest, Size), arange(1, Longest + 1, dtype: float64).expand(4, -1),
                (place, x) => pool.Call(x[0], x[1], stack(Lengths.Select(length => place.Positions(Longest).le(length).to(dtype)))),
                (place, x, length) => pool.Call(x[0], x[1], place.Ones(length)));
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void PackedSequences(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (draw, place, packed) = (new Draw(5), new Placement(device, dtype), new PackedSequences(Lengths));
        var (frames, g) = (draw.Normal(packed.Total, Size), draw.Normal(4, Size));
        var leaf = place.Leaf(frames);
        var pool = new RankPool();
        var u = pool.Call(packed.Pad(leaf), packed.Positions(leaf), packed.Weights(leaf));
        u.backward([place.Constant(g)]);
        place.Close(packed.Pack(packed.Pad(leaf)), Placement.Plain.Constant(frames), "packed, padded and packed again");
        for (var (b, first) = (0, 0); b < Lengths.Length; first += Lengths[b++])
        {
            var single = Placement.Plain.Leaf(frames.narrow(0, first, Lengths[b]));
            var alone = pool.Call(single, Placement.Plain.Positions(Lengths[b]), Placement.Plain.Ones(Lengths[b]));
            alone.backward([Placement.Plain.Constant(g[b])]);
            place.Close(u[b], alone, $"solution {b}");
            place.Close(leaf.grad!.narrow(0, first, Lengths[b]), single.grad!, $"gradient {b}");
        }
    }

    /// <summary>A length that is none names the problem.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void ALengthThatIsNoneIsRefused(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        Should.Throw<ArgumentException>(() => new RaggedPoolingLayer().call(place.Ones(4, Longest, Size), place.Ones(4, Longest), place.Constant(tensor(new[] { 7, 3, 2.5, 5 }))))
            .Message.ShouldContain("length is 2.5 in problem 2 of the batch");
    }

    /// <summary>Solutions and gradients of a padded batch, with those of its problems one by one.</summary>
    private static void Check(
        Placement place, int[] lengths, Tensor x, Tensor p, Func<Placement, Tensor[], Tensor> padded, Func<Placement, Tensor[], int, Tensor> alone)
    {
        using var scope = NewDisposeScope();
        var full = new[] { x.clone(), p.clone() };
        foreach (var input in full)
        {
            for (var b = 0; b < lengths.Length; b++)
                input[b].narrow(0, lengths[b], Longest - lengths[b]).fill_(3);
        }
        var g = new Draw(6).Normal(lengths.Length, Size);
        var leaves = full.Select(place.Leaf).ToArray();
        var y = padded(place, leaves);
        y.backward([place.Constant(g)]);
        for (var b = 0; b < lengths.Length; b++)
        {
            var own = new[] { x, p }.Select(input => Placement.Plain.Leaf(input[b].narrow(0, 0, lengths[b]))).ToArray();
            var single = alone(Placement.Plain, own, lengths[b]);
            single.backward([Placement.Plain.Constant(g[b])]);
            place.Close(y[b], single, $"solution {b}");
            for (var k = 0; k < own.Length; k++)
            {
                var gradient = leaves[k].grad![b];
                place.Close(gradient.narrow(0, 0, lengths[b]), own[k].grad!, $"gradient {k} of problem {b}");
                if (lengths[b] < Longest)
                    gradient.narrow(0, lengths[b], Longest - lengths[b]).abs().max().ToDouble().ShouldBe(0, $"gradient {k} of the padding of problem {b}");
            }
        }
    }
}
