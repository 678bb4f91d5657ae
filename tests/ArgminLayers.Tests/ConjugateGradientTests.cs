using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Conjugate gradients: the solution and gradients without a Hessian, and what is told when they do not arrive.</summary>
public class ConjugateGradientTests
{
    private static readonly ArgminOptions Options = new() { Hessian = HessianForm.ConjugateGradient };

    [Theory]
    [InlineData(SolverKind.Newton)]
    [InlineData(SolverKind.DampedNewton)]
    [InlineData(SolverKind.Lbfgs)]
    [InlineData(SolverKind.Auto)]
    public void SmoothingIsThatOfElimination(SolverKind kind)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(1);
        foreach (var (n, strength) in new[] { (7, 2.0), (300, 50.0), (4000, 10.0) })
        {
            var (x, g) = (draw.Normal(n), draw.Normal(n));
            var (leaf, lambda) = (x.clone().requires_grad_(), tensor(strength).requires_grad_());
            // Above 2048 unknowns Auto comes to the same by itself.
            var options = kind == SolverKind.Auto && n > 2048 ? new ArgminOptions() : Options with { Solver = kind };
            var solver = SmoothingProblem.Solver(options with { StationarityTolerance = 1e-7 });
            var result = solver.Solve(null, leaf, lambda);
            result.Problems[0].Status.ShouldBe(ArgminStatus.Converged);
            result.Problems[0].Hessian.ShouldBe(HessianForm.ConjugateGradient);
            result.Problems[0].LinearResidual!.Value.ShouldBeInRange(0, 1e-10);
            if (kind == SolverKind.Auto && n > 2048)
                result.Problems[0].Solver.ShouldBe(SolverKind.Lbfgs);
            result.Backward.LinearResidual.ShouldBeNull();
            result.Solution.backward([g]);

            var y = SmoothingProblem.Solve(Values(x), strength);
            var adjoint = SmoothingProblem.Solve(Values(g), strength);
            var dLambda = -Enumerable.Range(0, n - 1).Sum(i => (adjoint[i + 1] - adjoint[i]) * (y[i + 1] - y[i]));
            var tolerance = result.Problems[0].Solver == SolverKind.Lbfgs ? 1e-7 : 1e-9;
            Compare.Close(result.Solution, y, tolerance);
            Compare.Close(leaf.grad!, adjoint, 1e-9);
            Compare.Close(lambda.grad!.reshape(1), [dLambda], 1e-6);
            result.Backward.LinearResidual!.Value.ShouldBeInRange(0, 1e-10);
            result.Backward.Failure.ShouldBeNull();
            solver.ThrowIfFailed();
        }
    }

    [Fact]
    public void TooFewProductsAreTold()
    {
        using var scope = NewDisposeScope();
        var result = SmoothingProblem.Solver(Options with { MaxLinearIterations = 3, Solver = SolverKind.Newton }).Solve(null, new Draw(2).Normal(2, 300), tensor(1e4));
        result.Problems.ShouldAllBe(problem => !problem.Status.HasSolution());
        var supplied = Options with { MaxLinearIterations = 3, Minimizer = (_, start) => start };
        SmoothingProblem.Solver(supplied).Solve(null, zeros(300, dtype: float64), tensor(1e4)).Problems[0].Status.ShouldBe(ArgminStatus.LinearSolveFailed);
    }

    /// <summary>In the backward pass the products are those of H − 1.2 I, which is indefinite: that comes too late for a status.</summary>
    [Fact]
    public void WhatFailsLateIsNaNAndOnRecordAndNeverAnException()
    {
        using var scope = NewDisposeScope();
        var solver = SmoothingProblem.Solver(Options with { Solver = SolverKind.Newton }, lateShift: -1.2);
        var (x, lambda) = (new Draw(3).Normal(2, 20).requires_grad_(), tensor(1.0).requires_grad_());
        var result = solver.Solve(null, x, lambda);
        result.Converged.ShouldBeTrue();
        result.Solution.sum().backward();
        x.grad!.isnan().all().item<bool>().ShouldBeTrue();
        lambda.grad!.isnan().item<bool>().ShouldBeTrue();
        result.Backward.Failure!.Message.ShouldContain("LinearTolerance");
        Should.Throw<ArgminException>(solver.ThrowIfFailed).Message.ShouldBe(result.Backward.Failure.Message);
    }

    [Theory]
    [InlineData(-1.0, ArgminStatus.NotAMinimum)]
    [InlineData(-0.25, ArgminStatus.HessianSingular)]
    [InlineData(-0.2, ArgminStatus.Converged)]
    public void DefinitenessIsFoundWithoutTheMatrix(double weight, ArgminStatus expected)
    {
        using var scope = NewDisposeScope();
        // I + w uuᵀ with ‖u‖² = 4 has the eigenvalue 1 + 4w; the solution 0 tells nothing of it.
        foreach (var constant in new[] { true, false })
        {
            var result = LowRankProblem.Solver(HessianForm.ConjugateGradient, constant).Solve(
                null, zeros(3, dtype: float64).requires_grad_(), ones(3, dtype: float64), tensor(new double[,] { { 1, 1, Math.Sqrt(2) } }), tensor(new[] { weight }));
            result.Problems[0].Status.ShouldBe(expected);
        }
    }

    private static double[] Values(Tensor x) => x.data<double>().ToArray();
}
