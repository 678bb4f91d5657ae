using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Packed sequences give what each of them gives alone, and gradients on the packed tensor.</summary>
public class PackedSequencesTests
{
    private static readonly int[] Lengths = [3, 8, 1, 5];

    [Theory]
    [InlineData(SolverKind.SpanNewton)]
    [InlineData(SolverKind.Newton)]
    public void ALayerOnPackedFramesEqualsTheLoopOverSequences(SolverKind kind)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(1);
        var packed = new PackedSequences(Lengths);
        var frames = draw.Normal(17, 3).requires_grad_();
        var g = draw.Normal(4, 3);
        var pool = new RankPool(options: new() { Solver = kind });
        var u = pool.Call(packed.Pad(frames), packed.Positions(frames), packed.Weights(frames));
        u.backward([g]);
        for (var (b, first) = (0, 0); b < Lengths.Length; first += Lengths[b++])
        {
            var single = frames.detach().narrow(0, first, Lengths[b]).clone().requires_grad_();
            var alone = pool.Call(single, arange(1, Lengths[b] + 1, dtype: float64), ones(Lengths[b], dtype: float64));
            alone.backward([g[b]]);
            Compare.Close(u[b], alone, 1e-12);
            Compare.Close(frames.grad!.narrow(0, first, Lengths[b]), single.grad!, 1e-12);
        }
    }

    [Fact]
    public void PaddingIsZeroAndPackingGivesTheRowsBack()
    {
        using var scope = NewDisposeScope();
        var packed = new PackedSequences(2, 1);
        var padded = packed.Pad(tensor(new double[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }));
        Compare.Close(padded, tensor(new double[,,] { { { 1, 2 }, { 3, 4 } }, { { 5, 6 }, { 0, 0 } } }), 0);
        Compare.Close(packed.Pack(padded).flatten(), [1, 2, 3, 4, 5, 6], 0);
        Compare.Close(packed.Pad(tensor(new double[] { 7, 8, 9 })).flatten(), [7, 8, 9, 0], 0);
        Compare.Close(packed.Weights(ones(1, dtype: float32)).flatten(), [1, 1, 1, 0], 0);
        packed.Weights(ones(1, dtype: float32)).dtype.ShouldBe(ScalarType.Float32);
        Compare.Close(packed.Positions(padded), [1, 2], 0);
        (packed.Longest, packed.Total).ShouldBe((2, 3L));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Should.Throw<ArgumentException>(() => new PackedSequences(3, 0, 2)).Message.ShouldContain("Sequence 1 has the length 0");
        Should.Throw<ArgumentException>(() => new PackedSequences(-1)).Message.ShouldContain("Sequence 0");
        Should.Throw<ArgumentException>(() => new PackedSequences(new List<int>())).Message.ShouldContain("no sequence");
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => new PackedSequences(2, 1).Pad(ones(4, 2))).Message.ShouldContain("(4, 2); the lengths make it (3, …)");
        Should.Throw<ArgumentException>(() => new PackedSequences(2, 1).Pack(ones(2, 3, 2))).Message.ShouldContain("(2, 2, …)");
    }
}
