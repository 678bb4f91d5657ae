using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>How close float32 comes to the float64 solution of the same frames.</summary>
public class PrecisionTests
{
    /// <summary>The bars are about five times what a prototype in another language measured on (100, 1024).</summary>
    [Theory]
    [InlineData(1, 3e-6, 1e-5)]
    [InlineData(100, 5e-5, 1e-3)]
    [InlineData(1e4, 1e-5, 1e-4)]
    [InlineData(1e6, 1e-4, 1e-3)]
    public void Float32EndsAtItsFloor(double c, double solutionError, double gradientError)
    {
        using var scope = NewDisposeScope();
        var frames = new Draw(11).Frames(100, 512).to(float32);
        var g = new Draw(12).Normal(512);
        var (single, singleGradient, iterations) = Run(frames, c, g.to(float32));
        var (exact, exactGradient, _) = Run(frames.to(float64), c, g);
        Norm(single, exact).ShouldBeLessThan(solutionError);
        Norm(singleGradient, exactGradient).ShouldBeLessThan(gradientError);
        iterations.ShouldBeLessThan(60);
        single.dtype.ShouldBe(float32);
        singleGradient.dtype.ShouldBe(float32);
    }

    /// <summary>A stiff tube has a kink at every small step; a search that only shortens steps took 150 of them here.</summary>
    [Theory]
    [InlineData(300, 1024, false)]
    [InlineData(300, 1024, true)]
    [InlineData(300, 40, false)]
    public void ManyKinksDoNotMakeManySteps(int t, int d, bool single)
    {
        using var scope = NewDisposeScope();
        var frames = new Draw(0).Frames(t, d);
        var (v, times, weight) = (single ? frames.to(float32) : frames, arange(1, t + 1, dtype: single ? float32 : float64), ones(t, dtype: single ? float32 : float64));
        foreach (var c in new[] { 1e2, 1e4, 1e6, 1e8 })
        {
            var report = new RankPool(c).Solve(v, times, weight).Problems[0];
            report.Status.ShouldBe(ArgminStatus.Converged, $"C = {c}: {report}");
            report.Iterations.ShouldBeLessThan(25, $"C = {c}: {report}");
        }
    }

    [Fact]
    public void Float32NeverCycles()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            using var scope = NewDisposeScope();
            var draw = new Draw(seed);
            var (t, d) = (draw.Integer(1, 60), draw.Integer(1, 80));
            var c = Math.Pow(10, draw.Integer(-3, 7));
            var result = new RankPool(c).Solve(draw.Frames(t, d).to(float32), arange(1, t + 1, dtype: float32), ones(t, dtype: float32));
            // A float may not tell on which side of a kink a frame is.
            result.Problems[0].Status.ShouldBeOneOf([ArgminStatus.Converged, ArgminStatus.OnAKink], $"seed {seed}, T = {t}, D = {d}, C = {c}");
            result.Problems[0].Iterations.ShouldBeLessThan(40, $"seed {seed}, T = {t}, D = {d}, C = {c}");
        }
    }

    [Theory]
    [InlineData(HessianForm.Cholesky)]
    [InlineData(HessianForm.Woodbury)]
    [InlineData(HessianForm.ShermanMorrison)]
    public void NewtonInFloat32ReachesTheSpanSolution(HessianForm form)
    {
        using var scope = NewDisposeScope();
        var frames = new Draw(13).Frames(20, 30).to(float32);
        var t = arange(1, 21, dtype: float32);
        var u = new RankPool(options: new() { Solver = SolverKind.Newton, Hessian = form }).Call(frames, t, ones(20, dtype: float32));
        var exact = new RankPool().Call(frames.to(float64), t.to(float64), ones(20, dtype: float64));
        Norm(u, exact).ShouldBeLessThan(2e-5);
    }

    private static (Tensor U, Tensor Gradient, int Iterations) Run(Tensor frames, double c, Tensor g)
    {
        var v = frames.clone().requires_grad_();
        var length = v.shape[0];
        var result = new RankPool(c).Solve(v, arange(1, length + 1, dtype: v.dtype), ones(length, dtype: v.dtype));
        result.Converged.ShouldBeTrue(result.Problems[0].ToString());
        result.Solution.backward([g]);
        return (result.Solution, v.grad!, result.Problems[0].Iterations);
    }

    private static double Norm(Tensor actual, Tensor expected)
    {
        var (x, y) = (actual.detach().to(float64), expected.detach().to(float64));
        return ((x - y).pow(2).sum().sqrt() / y.pow(2).sum().sqrt()).item<double>();
    }
}
