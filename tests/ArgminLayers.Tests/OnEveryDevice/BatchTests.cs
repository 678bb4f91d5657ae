using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>Batches of every layout on every device: what is solved there at once is what the CPU solves in float64 one problem at a time, from copies.</summary>
[Trait("Device", "every")]
public class BatchTests
{
    private static readonly SolverKind[] Sides = [SolverKind.SpanNewton, SolverKind.Newton];

    public static TheoryData<string, ScalarType> Places => TestDevices.AndDtypes;

    [Theory]
    [MemberData(nameof(Places))]
    public void LeadingDimensionsBroadcastAndSharedInputsGetTheSum(string device, ScalarType dtype)
    {
        foreach (var kind in Sides)
        {
            using var scope = NewDisposeScope();
            var (draw, place) = (new Draw(3), new Placement(device, dtype));
            Tensor[] inputs = [draw.Normal(2, 1, 4, 3), draw.Normal(3, 4), draw.Uniform(0.5, 1, 4), draw.Uniform(1, 2, 2, 1), draw.Uniform(0.1, 0.2)];
            var g = draw.Normal(2, 3, 3);
            var (leaves, plain) = (inputs.Select(place.Leaf).ToArray(), inputs.Select(Placement.Plain.Leaf).ToArray());
            var pool = new LearnedRankPool(new() { Solver = kind });
            var u = pool.Call(leaves);
            u.backward([place.Constant(g)]);
            for (var i = 0; i < 2; i++)
            {
                for (var j = 0; j < 3; j++)
                {
                    var alone = pool.Call(plain[0][i, 0], plain[1][j], plain[2], plain[3][i, 0], plain[4]);
                    alone.backward([Placement.Plain.Constant(g[i, j])]);
                    place.Close(u[i, j], alone, $"{kind}, problem ({i}, {j})");
                }
            }
            for (var k = 0; k < inputs.Length; k++)
                place.Close(leaves[k].grad!, plain[k].grad!, $"{kind}, input {k}");
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void ExpandedAndNonContiguousInputsAreAsGoodAsCopies(string device, ScalarType dtype)
    {
        foreach (var kind in Sides)
        {
            using var scope = NewDisposeScope();
            var (draw, place) = (new Draw(5), new Placement(device, dtype));
            var (frames, times, spread, g) = (draw.Normal(3, 5, 2), draw.Normal(1, 3), draw.Uniform(0.5, 1, 6), draw.Normal(2, 5));
            var (stored, once, wide) = (place.Leaf(frames), place.Leaf(times), place.Leaf(spread));
            var u = new RankPool(options: new() { Solver = kind }).Call(stored.permute(2, 0, 1), once.expand(2, 3), wide.reshape(3, 2).select(1, 0));
            u.backward([place.Constant(g.t().contiguous()).t()]);

            var copy = Placement.Plain.Leaf(frames.permute(2, 0, 1).contiguous());
            var twice = Placement.Plain.Leaf(times.expand(2, 3).contiguous());
            var every = Placement.Plain.Leaf(spread.reshape(3, 2)[.., 0].contiguous());
            var expected = new RankPool().Call(copy, twice, every);
            expected.backward([Placement.Plain.Constant(g)]);
            place.Close(u, expected, $"{kind}, u");
            place.Close(stored.grad!, copy.grad!.permute(1, 2, 0), $"{kind}, v");
            place.Close(once.grad!, twice.grad!.sum(dim: 0, keepdim: true), $"{kind}, t");
            place.Close(wide.grad!.reshape(3, 2).select(1, 0), every.grad!, $"{kind}, weight");
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void ABatchOfOneAndNoneAtAllAreTheSameProblem(string device, ScalarType dtype)
    {
        foreach (var kind in Sides)
        {
            using var scope = NewDisposeScope();
            var (draw, place) = (new Draw(4), new Placement(device, dtype));
            var (frames, g) = (draw.Normal(6, 4), draw.Normal(4));
            var pool = new RankPool(options: new() { Solver = kind });
            var plain = Placement.Plain.Leaf(frames);
            var expected = pool.Call(plain, Placement.Plain.Positions(6), Placement.Plain.Ones(6));
            expected.backward([Placement.Plain.Constant(g)]);
            foreach (var batch in new long[][] { [], [1], [1, 1] })
            {
                var v = place.Leaf(frames.reshape([.. batch, 6, 4]));
                var u = pool.Call(v, place.Positions(6), place.Ones(6));
                u.backward([place.Constant(g.reshape([.. batch, 4]))]);
                place.Close(u, expected.reshape([.. batch, 4]), $"{kind}, u");
                place.Close(v.grad!, plain.grad!.reshape([.. batch, 6, 4]), $"{kind}, v");
            }
        }
    }

    /// <summary>Problems that are done leave the batch, and their neighbours go on: every solver finds those of a batch whose numbers of steps differ.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void ProblemsThatAreDoneLeaveTheBatch(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (draw, place) = (new Draw(6), new Placement(device, dtype));
        // Predictors of 0 are at their solution at once; large ones take more steps.
        Tensor[] inputs = [draw.Normal(4, 5, 7) * tensor([0.1, 0.5, 1, 2]).reshape(4, 1, 1), draw.Normal(4, 5), draw.Normal(4, 7), draw.Uniform(0.5, 1, 4)];
        inputs[0][0].zero_();
        inputs[2][0].zero_();
        var plain = inputs.Select(Placement.Plain.Leaf).ToArray();
        var g = draw.Normal(4, 7);
        for (var b = 0; b < 4; b++)
            new SoftMaximumLayer().call(plain[0][b], plain[1][b], plain[2][b], plain[3][b]).backward([Placement.Plain.Constant(g[b])]);
        foreach (var kind in Solvers.All)
        {
            var leaves = inputs.Select(place.Leaf).ToArray();
            var result = new SoftMaximumLayer(new() { Solver = kind, StationarityTolerance = 1e-7 }).Solve(leaves[0], leaves[1], leaves[2], leaves[3]);
            result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Converged, $"{kind}");
            result.Problems.Select(problem => problem.Iterations).Distinct().Count().ShouldBeGreaterThan(1, $"{kind}");
            result.Solution.backward([place.Constant(g)]);
            for (var k = 0; k < inputs.Length; k++)
                place.Close(leaves[k].grad!, plain[k].grad!, $"{kind}, input {k}");
        }
    }

    /// <summary>
    /// Where many problems of a large side are done, the others alone are factorised: from K³ times those that are done above 2²⁰ on a CPU, above 2²⁸ on a GPU. The last problem goes on where
    /// predictors of 0 are at their solution at once.
    /// </summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void ProblemsThatAreDoneAreLeftOutOfFactorisations(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (draw, place) = (new Draw(7), new Placement(device, dtype));
        var (batch, k) = device == "cpu" ? (6, 64) : (20, 256);
        var n = k + 4;
        var a = zeros(batch, k, n, dtype: float64);
        a[batch - 1] = draw.Normal(k, n) * (3 / Math.Sqrt(n));
        var (b, c, g) = (draw.Normal(k), draw.Normal(n) * 0.1, draw.Normal(n));
        foreach (var (coupled, call) in new (bool, Func<Tensor[], ArgminResult>)[]
        {
            (true, x => new SoftMaximumLayer(new() { Solver = SolverKind.SpanNewton }).Solve(x[0], x[1], x[2], x[3])),
            (false, x => LogisticProblem.Solver(new() { Solver = SolverKind.SpanNewton }).Solve(null, x)),
        })
        {
            Tensor[] Leaves(Placement at, Tensor predictors) => [.. new[] { predictors, b, c, tensor(1.0) }.Select(at.Leaf)];
            var (leaves, plain) = (Leaves(place, a), Leaves(Placement.Plain, a[batch - 1]));
            var (together, alone) = (call(leaves), call(plain));
            (together.Problems[^1].Iterations - together.Problems[0].Iterations).ShouldBeGreaterThan(0, $"coupled {coupled}");
            together.Solution[batch - 1].backward([place.Constant(g)]);
            alone.Solution.backward([Placement.Plain.Constant(g)]);
            place.Close(together.Solution[batch - 1], alone.Solution, $"coupled {coupled}, y");
            place.Close(leaves[0].grad![batch - 1], plain[0].grad!, $"coupled {coupled}, a");
            place.Close(leaves[1].grad!, plain[1].grad!, $"coupled {coupled}, b");
        }
    }
}
