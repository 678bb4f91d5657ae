using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>A solve that went wrong says how.</summary>
public class StatusTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-3.7)]
    [InlineData(1e4)]
    public void AQuarticsMinimumHasASingularHessian(double x)
    {
        using var scope = NewDisposeScope();
        foreach (var form in new[] { HessianForm.Auto, HessianForm.Cholesky, HessianForm.Diagonal })
        {
            var leaf = tensor(new[] { x }).requires_grad_();
            var result = QuarticProblem.Solver(new() { Hessian = form }).Solve(null, leaf);
            result.Problems[0].Status.ShouldBe(ArgminStatus.HessianSingular);
            Should.Throw<ArgminException>(() => QuarticProblem.Solver(new() { Hessian = form }).Call(leaf))
                .Message.ShouldContain("singular");
        }
    }

    /// <summary>Σ y⁴ from afar: the steps go on until y³ is too small a number for the dtype and the gradient is exactly 0.</summary>
    [Theory]
    [InlineData(SolverKind.Newton, ScalarType.Float32)]
    [InlineData(SolverKind.Newton, ScalarType.Float64)]
    [InlineData(SolverKind.DampedNewton, ScalarType.Float32)]
    [InlineData(SolverKind.DampedNewton, ScalarType.Float64)]
    public void AGradientThatUnderflowsHidesNoSingularHessian(SolverKind kind, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (var start in new[] { 1.0, 3, 1e-3 })
        {
            var result = QuarticProblem.Solver(new() { Solver = kind }).Solve(tensor(new[] { start, start }).to(dtype), zeros(2, dtype: dtype));
            result.Problems[0].Status.ShouldBe(ArgminStatus.HessianSingular, $"from {start}: {result.Problems[0]}");
        }
    }

    [Fact]
    public void AQuarticInTheBatchDoesNotBlameItsNeighbours()
    {
        using var scope = NewDisposeScope();
        // ¼y⁴ + ½ay² − xy: at x = a = 0 it is the quartic.
        var result = CubicRootProblem.Solver(Curvature.Convex).Solve(
            tensor(new double[,] { { 1 }, { 1 }, { 1 } }), tensor(new double[,] { { 2 }, { 0 }, { 5 } }), tensor(new double[] { 1, 0, 0 }));
        result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.Converged, ArgminStatus.HessianSingular, ArgminStatus.Converged]);
        Compare.Close(result.Solution[0], [1], 1e-14);
        Compare.Close(result.Solution[2], [Math.Cbrt(5)], 1e-14);
    }

    [Fact]
    public void AMaximumBetweenTwoWellsIsNotAMinimum()
    {
        using var scope = NewDisposeScope();
        var result = CubicRootProblem.Solver(Curvature.Unknown).Solve(null, tensor(new[] { 0.0 }), tensor(-1.0));
        result.Problems[0].Status.ShouldBe(ArgminStatus.NotAMinimum);
    }

    [Theory]
    [InlineData(0.3, 1.1254)]
    [InlineData(-0.3, -1.1254)]
    public void NewtonLeavesNegativeCurvatureDownhill(double x, double expected)
    {
        using var scope = NewDisposeScope();
        var result = CubicRootProblem.Solver(Curvature.Unknown).Solve(null, tensor(new[] { x }), tensor(-1.0));
        result.Problems[0].Status.ShouldBe(ArgminStatus.Converged);
        Compare.Close(result.Solution, [expected], 1e-4);
        var y = result.Solution[0].item<double>();
        Math.Abs((y * y * y) - y - x).ShouldBeLessThan(1e-14);
    }

    [Theory]
    [InlineData(HessianForm.Cholesky, -1.0, ArgminStatus.NotAMinimum)]
    [InlineData(HessianForm.Woodbury, -1.0, ArgminStatus.NotAMinimum)]
    [InlineData(HessianForm.ShermanMorrison, -1.0, ArgminStatus.NotAMinimum)]
    [InlineData(HessianForm.Cholesky, -0.25, ArgminStatus.HessianSingular)]
    [InlineData(HessianForm.Woodbury, -0.25, ArgminStatus.HessianSingular)]
    [InlineData(HessianForm.ShermanMorrison, -0.25, ArgminStatus.HessianSingular)]
    [InlineData(HessianForm.Woodbury, -0.2, ArgminStatus.Converged)]
    [InlineData(HessianForm.ShermanMorrison, -0.2, ArgminStatus.Converged)]
    public void IndefiniteAndSingularLowRankHessiansAreTold(HessianForm form, double weight, ArgminStatus expected)
    {
        using var scope = NewDisposeScope();
        // I + w uuᵀ with ‖u‖² = 4 has the eigenvalue 1 + 4w.
        var result = LowRankProblem.Solver(form).Solve(
            null, tensor(new double[] { 1, 2 }), ones(2, dtype: float64), tensor(new double[,] { { 2, 0 } }), tensor(new[] { weight }));
        result.Problems[0].Status.ShouldBe(expected);
    }

    [Fact]
    public void ABaseThatIsNotPositiveEverywhereCostsNoForm()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(4);
        var d = tensor(new double[,] { { 0, 1, 2, 3, 0 }, { 4, -0.01, 2, 3, 1 } });
        var (x, u, w) = (draw.Normal(2, 5), draw.Normal(2, 3, 5) * 2, tensor(new[] { 1.0, 2.0, 0.5 }));
        var hessian = diag_embed(d) + (u.transpose(-2, -1) * w).matmul(u);
        linalg.eigvalsh(hessian).min().item<double>().ShouldBeGreaterThan(0.01);
        var y = linalg.solve(hessian, x.unsqueeze(-1)).squeeze(-1);
        foreach (var form in LowRankProblem.Solver(HessianForm.Auto).Info.HessianForms.Where(form => form != HessianForm.Diagonal))
        {
            foreach (var constant in new[] { true, false })
                Compare.Close(LowRankProblem.Solver(form, constant).Call(x, d, u, w), y, 1e-9);
        }
        // y of one number: 0 + 4.
        foreach (var form in LowRankProblem.Solver(HessianForm.Auto).Info.HessianForms)
            Compare.Close(LowRankProblem.Solver(form).Call(tensor(new[] { 4.0 }), zeros(1, dtype: float64), tensor(new double[,] { { 2 } }), ones(1, dtype: float64)), [1], 1e-14);
    }

    [Fact]
    public void TooFewIterationsAreReported()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(1);
        foreach (var kind in new[] { SolverKind.SpanNewton, SolverKind.Newton })
        {
            var result = LogisticProblem.Solver(new() { MaxIterations = 1, Solver = kind }).Solve(
                null, draw.Normal(4, 6) * 3, draw.Normal(4), draw.Normal(6), tensor(0.1));
            result.Problems[0].Status.ShouldBe(ArgminStatus.IterationLimit);
            result.Problems[0].Iterations.ShouldBe(1);
            result.Problems[0].GradientNorm.ShouldBeGreaterThan(1e-6);
        }
    }

    [Fact]
    public void AnUnboundedObjectiveDoesNotPassForSolved()
    {
        using var scope = NewDisposeScope();
        // H = 0 with a gradient: linear.
        var linear = LowRankProblem.Solver(HessianForm.Cholesky, constantHessian: false).Solve(
            null, tensor(new double[] { 1 }), zeros(1, dtype: float64), zeros([1, 1], dtype: float64), zeros(1, dtype: float64));
        linear.Converged.ShouldBeFalse();
        // −y²
        var concave = LowRankProblem.Solver(HessianForm.Cholesky, constantHessian: false).Solve(
            null, tensor(new double[] { 1 }), tensor(new[] { -2.0 }), zeros([1, 1], dtype: float64), zeros(1, dtype: float64));
        concave.Converged.ShouldBeFalse();
    }

    [Fact]
    public void OneStepSolvesAQuadratic()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(9);
        var result = WeightedMeanProblem.Solver().Solve(null, draw.Normal(5, 4), draw.Uniform(0.5, 1, 5));
        result.Problems[0].Iterations.ShouldBe(1);
        result.Problems[0].Status.ShouldBe(ArgminStatus.Converged);
        result.Problems[0].GradientNorm.ShouldBeLessThan(1e-14);
    }

    [Fact]
    public void TheExceptionListsProblemStatusNormAndIterations()
    {
        using var scope = NewDisposeScope();
        var a = new Draw(1).Normal(3, 4, 6) * 3;
        a[1] = a[1] * 0;
        var exception = Should.Throw<ArgminException>(() => LogisticProblem.Solver(new() { MaxIterations = 1 }).Call(
            a, zeros(4, dtype: float64), zeros(6, dtype: float64), tensor(0.1)));
        exception.Failures.Select(failure => failure.Index).ShouldBe([0, 2]);
        exception.Message.ShouldContain("Logistic: 2 of 3 problems");
        exception.Message.ShouldContain("Problem 0: " + ArgminStatus.IterationLimit.Sentence());
        exception.Message.ShouldContain("gradient norm");
        exception.Message.ShouldContain("after 1 iterations");
    }
}
