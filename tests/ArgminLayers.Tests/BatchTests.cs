using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>A batch is the same as its problems one by one.</summary>
public class BatchTests
{
    [Fact]
    public void RaggedSequencesByZeroWeightsEqualTheLoopOverSingleOnes()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(1);
        int[] lengths = [3, 8, 1, 5];
        var v = draw.Normal(4, 8, 3).requires_grad_();
        var t = arange(1, 9, dtype: float64);
        var weight = stack(lengths.Select(length => t.le(length).to(float64)));
        var g = draw.Normal(4, 3);
        var u = new RankPool().Call(v, t, weight);
        u.backward([g]);
        for (var b = 0; b < lengths.Length; b++)
        {
            var single = v.detach()[b].narrow(0, 0, lengths[b]).clone().requires_grad_();
            var alone = new RankPool().Call(single, t.narrow(0, 0, lengths[b]), ones(lengths[b], dtype: float64));
            alone.backward([g[b]]);
            Compare.Close(u[b], alone, 1e-12);
            Compare.Close(v.grad![b].narrow(0, 0, lengths[b]), single.grad!, 1e-12);
            if (lengths[b] < 8)
                v.grad[b].narrow(0, lengths[b], 8 - lengths[b]).abs().max().item<double>().ShouldBe(0);
        }
    }

    [Theory]
    [InlineData(SolverKind.SpanNewton)]
    [InlineData(SolverKind.Newton)]
    public void ASharedInputsGradientIsTheSum(SolverKind kind)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(2);
        var solver = new LearnedRankPool(new() { Solver = kind });
        Tensor[] shared = [.. new[] { draw.Normal(4, 5), draw.Normal(4), draw.Uniform(0.5, 1, 4), draw.Uniform(1, 2), draw.Uniform(0.1, 0.2) }.Select(Leaf)];
        var weights = draw.Uniform(0.5, 1, 3, 4);
        var g = draw.Normal(3, 5);
        solver.Call(shared[0], shared[1], weights, shared[3], shared[4]).backward([g]);
        Tensor[] singles = [.. shared.Select(input => Leaf(input.detach()))];
        for (var b = 0; b < 3; b++)
            solver.Call(singles[0], singles[1], weights[b], singles[3], singles[4]).backward([g[b]]);
        foreach (var i in new[] { 0, 1, 3, 4 })
            Compare.Close(shared[i].grad!, singles[i].grad!, 1e-12);
    }

    [Fact]
    public void LeadingDimensionsBroadcastAsInNumPy()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(3);
        var v = Leaf(draw.Normal(2, 1, 4, 3));
        var t = Leaf(draw.Normal(3, 4));
        var weight = Leaf(draw.Uniform(0.5, 1, 1, 1, 4));
        var g = draw.Normal(2, 3, 3);
        var u = new RankPool().Call(v, t, weight);
        u.shape.ShouldBe([2, 3, 3]);
        u.backward([g]);
        var (vs, ts, ws) = (Leaf(v.detach()), Leaf(t.detach()), Leaf(weight.detach()));
        for (var i = 0; i < 2; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var alone = new RankPool().Call(vs[i, 0], ts[j], ws[0, 0]);
                alone.backward([g[i, j]]);
                Compare.Close(u[i, j], alone, 1e-12);
            }
        }
        Compare.Close(v.grad!, vs.grad!, 1e-12);
        Compare.Close(t.grad!, ts.grad!, 1e-12);
        Compare.Close(weight.grad!, ws.grad!, 1e-12);
    }

    [Theory]
    [InlineData(new long[] { }, new long[] { 3 })]
    [InlineData(new long[] { 1 }, new long[] { 1, 3 })]
    [InlineData(new long[] { 2 }, new long[] { 2, 3 })]
    [InlineData(new long[] { 2, 1, 2 }, new long[] { 2, 1, 2, 3 })]
    public void TheSolutionHasTheBatchDimensionsOfTheInputs(long[] batch, long[] expected)
    {
        using var scope = NewDisposeScope();
        var u = new RankPool().Call(new Draw(4).Normal([.. batch, 4, 3]), arange(1, 5, dtype: float64), ones(4, dtype: float64));
        u.shape.ShouldBe(expected);
    }

    [Fact]
    public void NonContiguousAndExpandedInputsAreAsGoodAsCopies()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(5);
        var stored = Leaf(draw.Normal(3, 5, 2));
        var transposed = stored.transpose(0, 2).transpose(1, 2);
        var expanded = Leaf(draw.Normal(1, 3));
        var weights = draw.Uniform(0.5, 1, 6).index_select(0, tensor(new long[] { 0, 2, 4 }));
        var g = draw.Normal(2, 5);
        var u = new RankPool().Call(transposed, expanded.expand(2, 3), weights);
        u.backward([g]);

        var copy = Leaf(transposed.detach().contiguous());
        var times = Leaf(expanded.detach().expand(2, 3).contiguous());
        var again = new RankPool().Call(copy, times, weights.contiguous());
        again.backward([g]);
        Compare.Close(u, again, 1e-13);
        Compare.Close(stored.grad!, copy.grad!.permute(1, 2, 0), 1e-13);
        Compare.Close(expanded.grad!, times.grad!.sum(dim: 0, keepdim: true), 1e-13);
    }

    private static Tensor Leaf(Tensor values) => values.clone().requires_grad_();
}
