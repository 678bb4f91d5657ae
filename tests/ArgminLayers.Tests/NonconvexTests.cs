using ArgminLayers.Hessians;
using ArgminLayers.Solvers;
using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Objectives that are not convex: minima from far away, and no solution where there is none.</summary>
public class NonconvexTests
{
    [Theory]
    [InlineData(SolverKind.Auto, HessianForm.Auto)]
    [InlineData(SolverKind.DampedNewton, HessianForm.Cholesky)]
    [InlineData(SolverKind.DampedNewton, HessianForm.ConjugateGradient)]
    [InlineData(SolverKind.Newton, HessianForm.Cholesky)]
    [InlineData(SolverKind.Lbfgs, HessianForm.Cholesky)]
    public void TheCurvedValleyIsFollowedToItsEnd(SolverKind kind, HessianForm form)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(1);
        var (a, b) = (draw.Normal(60), draw.Uniform(1, 100, 60));
        var start = draw.Normal(60, 2) * 3;
        var result = RosenbrockProblem.Solver(new() { Solver = kind, Hessian = form, MaxIterations = 300 }).Solve(start, a.requires_grad_(), b.requires_grad_());
        result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Converged);
        result.Problems.ShouldAllBe(problem => problem.Solver == (kind == SolverKind.Auto ? SolverKind.DampedNewton : kind));
        Compare.Close(result.Solution, stack([a.detach(), a.detach().pow(2)], -1), kind == SolverKind.Lbfgs ? 1e-6 : 1e-9);
        result.Solution.sum().backward();
        Compare.Close(a.grad!, ones(60, dtype: float64) + (a.detach() * 2), 1e-6);
        Compare.Close(b.grad!, zeros(60, dtype: float64), 1e-6);
    }

    [Theory]
    [InlineData(SolverKind.Auto)]
    [InlineData(SolverKind.Newton)]
    [InlineData(SolverKind.Lbfgs)]
    public void ASaddleIsNotAMinimumAndANearbyStartLeavesIt(SolverKind kind)
    {
        using var scope = NewDisposeScope();
        var solver = CubicRootProblem.Solver(Curvature.Unknown, options: new() { Solver = kind });
        var (x, a) = (tensor(new[] { 0.0, 0.0 }), tensor(-1.0));
        solver.Solve(zeros(2, dtype: float64), x, a).Problems[0].Status.ShouldBe(ArgminStatus.NotAMinimum);
        var result = solver.Solve(tensor(new[] { 1e-3, -1e-3 }), x, a);
        result.Problems[0].Status.ShouldBe(ArgminStatus.Converged);
        Compare.Close(result.Solution, [1, -1], 1e-9);
    }

    [Theory]
    [InlineData(FallingProblem.Shape.Line)]
    [InlineData(FallingProblem.Shape.Cap)]
    [InlineData(FallingProblem.Shape.Decay)]
    [InlineData(FallingProblem.Shape.Cubic)]
    public void WhatFallsForEverRunsAway(FallingProblem.Shape shape)
    {
        using var scope = NewDisposeScope();
        var curvature = shape is FallingProblem.Shape.Line or FallingProblem.Shape.Decay ? Curvature.Convex : Curvature.Unknown;
        // The cubic has a minimum at √2; to the left of −√2 it falls for ever.
        var start = tensor(new[] { shape == FallingProblem.Shape.Cubic ? -4.0 : 0.0 });
        foreach (var kind in new[] { SolverKind.Auto, SolverKind.Newton, SolverKind.DampedNewton, SolverKind.Lbfgs })
        {
            foreach (var scale in new[] { 1e-3, 1, 1e3 })
            {
                var result = FallingProblem.Solver(shape, curvature, new() { Solver = kind }).Solve(start, tensor(scale));
                // A long first step may come down beyond the hill.
                if (shape == FallingProblem.Shape.Cubic && result.Problems[0].Status == ArgminStatus.Converged)
                    Compare.Close(result.Solution, [Math.Sqrt(2 / scale)], 1e-6);
                else
                    result.Problems[0].Status.ShouldBe(ArgminStatus.Unbounded, $"{kind}, {scale}: {result.Problems[0]}, y = {result.Solution[0].item<double>()}");
            }
        }
    }

    /// <summary>A factor of a Hessian that is not positive definite may make anything of a gradient that is zero, and on some devices makes NaN of it: the point is stationary all the same.</summary>
    [Theory]
    [InlineData(Definiteness.Indefinite, ArgminStatus.NotAMinimum)]
    [InlineData(Definiteness.Singular, ArgminStatus.HessianSingular)]
    internal void NoGradientIsNoStepWhateverTheFactorSays(Definiteness definiteness, ArgminStatus status)
    {
        var progress = new NewtonProgress(1, Math.Pow(2, -52), 100, isRegular: false);
        progress.Settle(0, 0, new(1, 0, double.NaN, double.NaN, 0, definiteness, 1, 0)).ShouldBeTrue();
        progress.Reports[0]!.Status.ShouldBe(status);
    }
}
