using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>A solver of the user's is believed only where its point is stationary.</summary>
public class SuppliedSolverTests
{
    /// <summary>Gradient descent on rank pooling gives what the layer's own solver does, gradients included.</summary>
    [Fact]
    public void GradientDescentServes()
    {
        using var scope = NewDisposeScope();
        var (frames, t, weight, g) = (new Draw(1).Frames(6, 4), arange(1, 7, dtype: float64), ones(6, dtype: float64), new Draw(2).Normal(4));
        var (own, supplied) = (frames.clone().requires_grad_(), frames.clone().requires_grad_());
        var expected = new RankPool().Solve(own, t, weight);
        expected.Solution.backward([g]);
        var starts = new List<double[]>();
        var pool = new RankPool(options: new()
        {
            Minimizer = (problem, start) =>
            {
                starts.Add(start.flatten().data<double>().ToArray());
                var y = start;
                for (var step = 0; step < 300; step++)
                    y = y - (problem.Gradient(y) * 0.12);
                return y;
            },
        });
        var result = pool.Solve(null, supplied, t, weight);
        result.Problems[0].Status.ShouldBe(ArgminStatus.Converged);
        result.Problems[0].Solver.ShouldBe(SolverKind.Supplied);
        result.Solution.backward([g]);
        Compare.Close(result.Solution, expected.Solution, 1e-7);
        Compare.Close(supplied.grad!, own.grad!, 1e-6);
        starts.ShouldHaveSingleItem().ShouldBe([0, 0, 0, 0]);
        pool.Solve(tensor(new double[] { 1, 2, 3, 4 }), supplied, t, weight);
        starts[1].ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void APointThatIsNotStationaryIsRefusedWithTheDistance()
    {
        using var scope = NewDisposeScope();
        // ½w‖y − x‖² with w = 3: the minimum is the mean, 3, and 3.003 is a thousandth away.
        var layer = WeightedMeanProblem.Solver(new() { Minimizer = (_, start) => start + 3.003 });
        var (x, w) = (tensor(new double[,] { { 2 }, { 3 }, { 4 } }).requires_grad_(), ones(3, dtype: float64));
        var report = layer.Solve(null, x, w).Problems[0];
        report.Status.ShouldBe(ArgminStatus.NotStationary);
        report.Detail!.ShouldContain("0.001");
        Should.Throw<ArgminException>(() => layer.Call(x, w)).Message.ShouldContain("not stationary");
        WeightedMeanProblem.Solver(new() { Minimizer = (_, start) => start + 3.003, StationarityTolerance = 0.01 }).Solve(null, x, w).Problems[0].Status.ShouldBe(ArgminStatus.Converged);
        WeightedMeanProblem.Solver(new() { Minimizer = (_, start) => start * double.NaN }).Solve(null, x, w).Problems[0].Status.ShouldBe(ArgminStatus.ObjectiveNotFinite);
    }

    [Fact]
    public void AMaximumIsNotAMinimum()
    {
        using var scope = NewDisposeScope();
        var solver = CubicRootProblem.Solver(Curvature.Unknown, options: new() { Minimizer = (_, start) => start * 0 });
        solver.Solve(null, tensor(new[] { 0.0 }), tensor(-1.0)).Problems[0].Status.ShouldBe(ArgminStatus.NotAMinimum);
    }

    [Fact]
    public void WhatItReturnsMustFit()
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = [ones([3, 1], dtype: float64), ones(3, dtype: float64)];
        void Refused(ArgminMinimizer minimizer, string part)
            => Should.Throw<ArgumentException>(() => WeightedMeanProblem.Solver(new() { Minimizer = minimizer }).Call(inputs)).Message.ShouldContain(part);
        Refused((_, _) => null!, "returned null");
        Refused((_, start) => start.flatten(), "shape (1)");
        Refused((_, start) => start.to(float32), "Float32");
        Should.Throw<InvalidTimeZoneException>(() => WeightedMeanProblem.Solver(new() { Minimizer = (_, _) => throw new InvalidTimeZoneException() }).Call(inputs));
        Should.Throw<ArgumentException>(() => WeightedMeanProblem.Solver(new() { Minimizer = (_, start) => start, Solver = SolverKind.Newton })).Message.ShouldContain("Newton would not run");
        Should.Throw<ArgumentException>(() => WeightedMeanProblem.Solver(new() { Solver = SolverKind.Supplied })).Message.ShouldContain("Minimizer");
    }
}
