using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Problems of different lengths in one batch: each is solved and differentiated as alone and without padding.</summary>
public class RaggedTests
{
    private const int Longest = 7;
    private const int Size = 3;
    private static readonly int[] Lengths = [7, 3, 2, 5];

    public static TheoryData<double> Paddings => [0.0, 1e6, -3.0];

    [Theory]
    [MemberData(nameof(Paddings))]
    public void PoolingEqualsALoopOverSingleSequences(double padding)
    {
        using var scope = NewDisposeScope();
        using var ragged = new RaggedPoolingLayer(C: 2, epsilon: 0.05);
        using var plain = new RankPoolingLayer(C: 2, epsilon: 0.05);
        var positions = arange(1, Longest + 1, dtype: float64).expand(Lengths.Length, -1).clone();
        Compare(
            padding,
            [Sequences(1, Longest, Size), positions],
            (inputs, lengths) => ragged.call(inputs[0], inputs[1], lengths),
            (inputs, length) => plain.call(inputs[0], inputs[1], ones(length, dtype: float64)));
    }

    [Theory]
    [MemberData(nameof(Paddings))]
    public void EveryReductionLeavesThePaddingOut(double padding)
    {
        using var scope = NewDisposeScope();
        using var layer = new RaggedMixtureLayer();
        Compare(
            Math.Max(padding, 0),
            [Sequences(2, Longest, Size).mul(0.5), Sequences(3, Longest).abs().add(0.5)],
            (inputs, lengths) => layer.call(inputs[0], inputs[1], lengths),
            (inputs, length) => layer.call(inputs[0], inputs[1], tensor((double)length)));
    }

    [Fact]
    public void TheLayerAgreesWithTheMethodOfTheProblemsAlone()
    {
        using var scope = NewDisposeScope();
        using var layer = new RaggedMixtureLayer();
        var report = layer.Check(Sequences(2, Longest, Size).mul(0.5), Sequences(3, Longest).abs().add(0.5), LengthsOf());
        report.Passed.ShouldBeTrue(report.ToString());
    }

    [Fact]
    public void ASpanOfPredictorsIsStillSeen() => RaggedPoolingLayer.Info.HasLinearPredictors.ShouldBeTrue();

    [Theory]
    [InlineData(8.0)]
    [InlineData(0.0)]
    [InlineData(2.5)]
    public void ALengthThatIsNoneNamesTheProblem(double wrong)
    {
        using var scope = NewDisposeScope();
        using var layer = new RaggedPoolingLayer();
        var lengths = LengthsOf();
        lengths[2] = wrong;
        var exception = Should.Throw<ArgumentException>(() => layer.call(Sequences(1, Longest, Size), Sequences(2, Longest), lengths));
        exception.ParamName.ShouldBe("length");
        exception.Message.ShouldContain($"in problem 2 of the batch; RaggedPooling wants a whole number from 1 to {Longest}, the size of 'T'");
    }

    /// <summary>Solutions and gradients of the batch, with those of its problems one by one.</summary>
    private static void Compare(double padding, Tensor[] full, Func<Tensor[], Tensor, Tensor> ragged, Func<Tensor[], int, Tensor> alone)
    {
        var padded = full.Select(tensor => tensor.clone()).ToArray();
        foreach (var tensor in padded)
        {
            for (var b = 0; b < Lengths.Length; b++)
                tensor[b].narrow(0, Lengths[b], Longest - Lengths[b]).fill_(padding);
            tensor.requires_grad = true;
        }
        var y = ragged(padded, LengthsOf());
        y.sin().sum().backward();
        for (var b = 0; b < Lengths.Length; b++)
        {
            var own = full.Select(tensor => tensor[b].narrow(0, 0, Lengths[b]).clone().requires_grad_()).ToArray();
            var single = alone(own, Lengths[b]);
            y[b].sub(single).abs().max().ToDouble().ShouldBeLessThan(1e-9, $"solution {b}");
            single.sin().sum().backward();
            for (var k = 0; k < own.Length; k++)
            {
                var gradient = padded[k].grad![b];
                gradient.narrow(0, 0, Lengths[b]).sub(own[k].grad!).abs().max().ToDouble().ShouldBeLessThan(1e-8, $"gradient {k} of problem {b}");
                if (Lengths[b] < Longest)
                    gradient.narrow(0, Lengths[b], Longest - Lengths[b]).abs().max().ToDouble().ShouldBe(0, $"gradient {k} of the padding of problem {b}");
            }
        }
    }

    private static Tensor LengthsOf() => tensor(Lengths.Select(length => (double)length).ToArray());

    private static Tensor Sequences(int seed, params long[] shape) => new Draw(seed).Normal([Lengths.Length, .. shape]);
}
