using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>
/// Where rounding stops a solver that does not follow linear predictors: at the best point that the dtype lets it find, said as such, not at the cap and not with an excuse.
/// Minima of quadratics ½yᵀHy − xᵀy with H = MMᵀ, M and y of small integers, so that H, x = Hy and the minimum are exact however badly conditioned H is.
/// </summary>
public class FloorTests
{
    private const int Size = 40;

    /// <summary>A solver, its dtype, n, the factors of M, and what the worst κ is at least.</summary>
    public static TheoryData<SolverKind, ScalarType, int, int, double> Ways() => new()
    {
        { SolverKind.Newton, ScalarType.Float64, 8, 1, 1e5 }, { SolverKind.Newton, ScalarType.Float64, 7, 2, 1e9 }, { SolverKind.Newton, ScalarType.Float64, 10, 3, 1e13 },
        { SolverKind.Newton, ScalarType.Float32, 5, 1, 1e4 }, { SolverKind.Newton, ScalarType.Float32, 5, 2, 1e6 },
        { SolverKind.DampedNewton, ScalarType.Float64, 8, 1, 1e5 }, { SolverKind.DampedNewton, ScalarType.Float64, 7, 2, 1e9 }, { SolverKind.DampedNewton, ScalarType.Float64, 10, 3, 1e13 },
        { SolverKind.DampedNewton, ScalarType.Float32, 5, 1, 1e4 }, { SolverKind.DampedNewton, ScalarType.Float32, 5, 2, 1e6 },
        { SolverKind.Lbfgs, ScalarType.Float64, 8, 1, 1e5 }, { SolverKind.Lbfgs, ScalarType.Float64, 4, 2, 1e6 },
        { SolverKind.Lbfgs, ScalarType.Float32, 5, 1, 1e4 }, { SolverKind.Lbfgs, ScalarType.Float32, 6, 1, 1e4 },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public void TheFloorIsASolutionUnlessPrecisionIsExhausted(SolverKind kind, ScalarType dtype, int n, int factors, double worst)
    {
        using var scope = NewDisposeScope();
        var (h, y) = Exact(n, factors, dtype);
        var conditions = Conditions(h);
        var epsilon = dtype == ScalarType.Float32 ? Math.Pow(2, -23) : Math.Pow(2, -52);
        conditions.Max().ShouldBeGreaterThan(worst);
        var x = h.matmul(y.unsqueeze(-1)).squeeze(-1);
        foreach (var curvature in new[] { Curvature.Unknown, Curvature.Convex })
        {
            var result = QuadraticProblem.Solver(new() { Solver = kind, Hessian = HessianForm.Cholesky, MaxIterations = kind == SolverKind.Lbfgs ? 10_000 : 50 }, constantHessian: false, curvature)
                .Solve(null, x.to(dtype), h.to(dtype));
            foreach (var report in result.Problems)
            {
                var rounding = conditions[report.Index] * epsilon;
                var error = (result.Solution[report.Index].to(float64).sub(y[report.Index]).norm() / y[report.Index].norm()).item<double>();
                var where = $"{curvature}, {report}, κε = {rounding:g2}, error {error:g2}";
                report.Status.ShouldBeOneOf([ArgminStatus.Converged, ArgminStatus.PrecisionExhausted], where);
                if (report.Status == ArgminStatus.PrecisionExhausted)
                    rounding.ShouldBeGreaterThan(0.01 / 4, where);
                else
                    error.ShouldBeLessThan(Math.Max(100 * rounding, kind == SolverKind.Lbfgs ? 2 * Math.Sqrt(epsilon) : 0), where);
            }
        }
    }

    /// <summary>(I + λDᵀD)⁻¹ x without a matrix, by elimination for comparison: f is level long before y has arrived.</summary>
    [Theory]
    [InlineData(ScalarType.Float64, 1e4, 1e-9)]
    [InlineData(ScalarType.Float32, 3e3, 3e-3)]
    public void LevelValuesAreNotTheEnd(ScalarType dtype, double strength, double tolerance)
    {
        foreach (var scale in new[] { 1e-6, 1, 1e6 })
        {
            using var scope = NewDisposeScope();
            var x = (new Draw(7).Normal(50) * scale).to(dtype);
            var solver = SmoothingProblem.Solver(new() { Solver = SolverKind.Lbfgs, Hessian = HessianForm.ConjugateGradient });
            var result = solver.Solve(null, x, tensor(strength).to(dtype));
            result.Problems[0].Status.ShouldBe(ArgminStatus.Converged, result.Problems[0].ToString());
            var expected = tensor(SmoothingProblem.Solve(x.to(float64).data<double>().ToArray(), strength));
            (result.Solution.to(float64).sub(expected).norm() / expected.norm()).item<double>().ShouldBeLessThan(tolerance);
        }
    }

    /// <summary>
    /// Saturated samples of a weak ridge: κ is 1e11 and the steps stay short for a while, as if rounding directed them, while the minimum is far away and the gradient long. What is called solved
    /// has none left.
    /// </summary>
    [Theory]
    [InlineData(SolverKind.Newton)]
    [InlineData(SolverKind.DampedNewton)]
    public void AWayOfShortStepsIsNotTheEnd(SolverKind kind)
    {
        using var scope = NewDisposeScope();
        foreach (var rho in new[] { 1e-8, 1e-4, 1e-2 })
        {
            var draw = new Draw(830);
            var (v, offset, c) = (draw.Normal(8, 30) * 1e3, draw.Normal(8), draw.Normal(30) * 0.1);
            var result = LogisticProblem.Solver(new() { Solver = kind, Hessian = HessianForm.Cholesky }).Solve(null, v, offset, c, tensor(rho));
            if (result.Problems[0].Status != ArgminStatus.Converged)
                continue;
            var gradient = (result.Solution * rho) + c + v.t().mv((v.mv(result.Solution) + offset).sigmoid());
            gradient.norm().item<double>().ShouldBeLessThan(1e-5, $"ρ = {rho}, {result.Problems[0]}");
        }
    }

    /// <summary>A start that is given back is believed where it is the minimum, and not where a gradient still sees the way to it.</summary>
    [Fact]
    public void AFloorIsToldFromAPointBesideIt()
    {
        using var scope = NewDisposeScope();
        var (h, y) = Exact(8, 1, ScalarType.Float64);
        var x = h.matmul(y.unsqueeze(-1)).squeeze(-1);
        var solver = QuadraticProblem.Solver(new() { Minimizer = (_, start) => start, Hessian = HessianForm.Cholesky }, constantHessian: false);
        solver.Solve(y, x, h).Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Converged || problem.Status == ArgminStatus.PrecisionExhausted);
        var beside = y * (1 + 1e-5);
        solver.Solve(beside, x, h).Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.NotStationary || problem.Status == ArgminStatus.PrecisionExhausted);
        solver.Solve(beside, x, h).Problems.ShouldContain(problem => problem.Status == ArgminStatus.NotStationary);
    }

    /// <summary>A run that was cut short is not finished for the user.</summary>
    [Fact]
    public void ACapIsReported()
    {
        using var scope = NewDisposeScope();
        var (h, y) = Exact(6, 1, ScalarType.Float64);
        var x = h.matmul(y.unsqueeze(-1)).squeeze(-1);
        QuadraticProblem.Solver(new() { Solver = SolverKind.Lbfgs, Hessian = HessianForm.Cholesky, MaxIterations = 3 }, constantHessian: false)
            .Solve(null, x, h).Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.IterationLimit && problem.Iterations == 3);
    }

    /// <summary>H = MMᵀ for products M of unit triangular matrices of small integers, which have determinant 1, and y of small integers.</summary>
    private static (Tensor H, Tensor Y) Exact(int n, int factors, ScalarType dtype)
    {
        var draw = new Draw((10 * n) + factors);
        Tensor Triangular() => draw.Uniform(-2.5, 2.5, Size, n, n).round().tril(-1) + eye(n, dtype: float64);
        var m = Triangular();
        for (var factor = 1; factor < factors; factor++)
            m = m.matmul(Triangular().transpose(-2, -1));
        var h = m.matmul(m.transpose(-2, -1));
        var y = draw.Uniform(1, 3.49, Size, n).round() * draw.Normal(Size, n).sign();
        // Every sum of the products below stays an integer that the dtype holds.
        (h.abs().sum(dim: -1).max().item<double>() * 3).ShouldBeLessThan(Math.Pow(2, dtype == ScalarType.Float32 ? 24 : 53));
        return (h, y);
    }

    private static double[] Conditions(Tensor h)
    {
        // det H = 1, so the smallest eigenvalue is 1 over the product of the others, which rounding does not touch.
        var values = linalg.eigvalsh(h).data<double>().ToArray();
        var n = (int)h.size(-1);
        return [.. Enumerable.Range(0, Size).Select(i => values[(i * n) + n - 1] * values[((i * n) + 1)..((i + 1) * n)].Aggregate(1.0, static (product, value) => product * value))];
    }
}
