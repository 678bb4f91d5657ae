using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Solutions on a kink, and solutions that rounding moves: both are told, both are solutions, and neighbours are not blamed.</summary>
public class KinkTests
{
    /// <summary>Two scalar frames of 1 with targets 3 and t₂, C = ε = 1: u = (3 − 1)/2 = 1 while t₂ is in the tube around it, so t₂ = 2 is its edge.</summary>
    [Theory]
    [InlineData(2.0, ArgminStatus.OnAKink, 1.0)]
    [InlineData(2.0 - 1e-9, ArgminStatus.Converged, 1.0)]
    [InlineData(1.5, ArgminStatus.Converged, 1.0)]
    [InlineData(2.5, ArgminStatus.Converged, 3.5 / 3)]
    public void TheEdgeOfTheTubeIsAKink(double second, ArgminStatus expected, double solution)
    {
        using var scope = NewDisposeScope();
        foreach (var kind in new[] { SolverKind.SpanNewton, SolverKind.Newton })
        {
            foreach (var dtype in new[] { ScalarType.Float64, ScalarType.Float32 })
            {
                if (dtype == ScalarType.Float32 && second is > 1.9 and < 2)
                    continue;
                var v = ones([2, 1], dtype: dtype).requires_grad_();
                var result = new RankPool(1, 1, new() { Solver = kind }).Solve(v, tensor(new[] { 3, second }).to(dtype), ones(2, dtype: dtype));
                result.Problems[0].Status.ShouldBe(expected);
                result.Converged.ShouldBeTrue();
                Compare.Close(result.Solution, [solution], 1e-6);
                result.Solution.sum().backward();
                v.grad!.isfinite().all().item<bool>().ShouldBeTrue();
            }
        }
    }

    /// <summary>With ε = 0 the pieces meet at z = t, but φ″ is C on both: that is no kink.</summary>
    [Fact]
    public void WithoutATubeThereIsNoKink()
    {
        using var scope = NewDisposeScope();
        // u = ½·(1·1 + (−1)·(−1)·…): frames 1 and 1 with targets 1.5 and 0: 3u = 1.5, and a third frame with t = u.
        var v = ones([3, 1], dtype: float64);
        var result = new RankPool(1, 0).Solve(v, tensor(new[] { 1.5, 0, 0.5 }), ones(3, dtype: float64));
        Compare.Close(result.Solution, [0.5], 1e-15);
        result.Problems[0].Status.ShouldBe(ArgminStatus.Converged);
    }

    /// <summary>Frames of weight 0 and the sweep of ordinary frames raise no alarm.</summary>
    [Fact]
    public void OrdinaryFramesRaiseNoAlarm()
    {
        using var scope = NewDisposeScope();
        foreach (var c in new[] { 1e-8, 1e-4, 1, 1e2, 1e4 })
        {
            foreach (var scale in new[] { 1e-6, 1e-3, 1, 1e3 })
            {
                var draw = new Draw(1);
                var frames = stack([draw.Frames(12, 20), draw.Normal(12, 20), zeros([12, 20], dtype: float64), ones([12, 20], dtype: float64), draw.Normal(1, 20).expand(12, 20)]) * scale;
                if (c * scale * scale > 1e7)
                    continue;
                var weight = arange(1, 13, dtype: float64).le(10).to(float64);
                var result = new RankPool(c).Solve(frames, arange(1, 13, dtype: float64), weight);
                result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Converged, $"C = {c}, scale {scale}");
            }
        }
    }

    /// <summary>
    /// Frames (1, 0) and (1, δ) with targets 0 and 1, ε = 0, δ = 1e-6: u₂ would have to be 1/δ; with Cδ² = 1 it is about a third of that, and the predictions are differences of numbers 1e12 times as large.
    /// </summary>
    [Fact]
    public void APredictionOutOfHugeTermsDeterminesTheSolutionWeakly()
    {
        using var scope = NewDisposeScope();
        var v = tensor(new[,] { { 1, 0 }, { 1, 1e-6 } });
        var result = new RankPool(1e12, 0, new() { Solver = SolverKind.SpanNewton }).Solve(v, tensor(new double[] { 0, 1 }), ones(2, dtype: float64));
        result.Problems[0].Status.ShouldBe(ArgminStatus.WeaklyDetermined);
        result.Converged.ShouldBeTrue();
        // (I + C VᵀV) u = C Vᵀt with a = δ: u₂ = Cδ(1 + C) / ((1 + 2C)(1 + Cδ²) − C²δ²) … by Cramer's rule in decimals.
        const decimal C = 1e12m, Delta = 1e-6m;
        var (a11, a12, a22, b1, b2) = (1 + (2 * C), C * Delta, 1 + (C * Delta * Delta), C, C * Delta);
        var determinant = (a11 * a22) - (a12 * a12);
        double[] exact = [(double)(((b1 * a22) - (a12 * b2)) / determinant), (double)(((a11 * b2) - (a12 * b1)) / determinant)];
        Math.Abs((result.Solution[1].item<double>() / exact[1]) - 1).ShouldBeLessThan(1e-2);
        Math.Abs((result.Solution[0].item<double>() / exact[0]) - 1).ShouldBeLessThan(1e-2);
    }
}
