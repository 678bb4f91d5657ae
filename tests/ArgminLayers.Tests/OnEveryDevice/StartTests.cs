using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>Starts and solvers of the user's on every device: they serve where they are on the inputs' device, and are refused with their names elsewhere.</summary>
[Trait("Device", "every")]
public class StartTests
{
    public static TheoryData<string, ScalarType> Places => TestDevices.AndDtypes;

    /// <summary>From the solution few steps are left, and from anywhere the solution is the same.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void AWarmStartServes(string device, ScalarType dtype)
    {
        foreach (var kind in new[] { SolverKind.Auto, SolverKind.Newton, SolverKind.SpanNewton, SolverKind.DampedNewton })
        {
            using var scope = NewDisposeScope();
            var (draw, place) = (new Draw(1), new Placement(device, dtype));
            var (frames, g) = (draw.Normal(3, 5, 8), draw.Normal(3, 8));
            var pool = new RankPool(options: new() { Solver = kind });
            var plain = Placement.Plain.Leaf(frames);
            var cold = pool.Solve(plain, Placement.Plain.Positions(5), Placement.Plain.Ones(5));
            cold.Solution.backward([Placement.Plain.Constant(g)]);
            foreach (var (start, most) in new[] { (cold.Solution.detach(), 2), (draw.Normal(8), 100) })
            {
                var v = place.Leaf(frames);
                var warm = pool.Solve(place.Constant(start), v, place.Positions(5), place.Ones(5));
                warm.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Converged && problem.Iterations <= most, $"{kind}");
                warm.Solution.backward([place.Constant(g)]);
                place.Close(warm.Solution, cold.Solution, $"{kind}, u");
                place.Close(v.grad!, plain.grad!, $"{kind}, v");
            }
        }
    }

    /// <summary>Predictors with an offset and a linear term: the start is taken to the side of the predictors.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void AWarmStartServesBesideAnOffset(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        var (draw, solver) = (new Draw(2), LogisticProblem.Solver(new() { Solver = SolverKind.SpanNewton }));
        Tensor[] inputs = [draw.Normal(3, 4, 6), draw.Normal(4), draw.Normal(6), draw.Uniform(0.5, 1)];
        var expected = solver.Call([.. inputs.Select(Placement.Plain.Constant)]);
        var again = solver.Solve(place.Constant(expected), [.. inputs.Select(place.Constant)]);
        again.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Converged && problem.Iterations <= 2);
        place.Close(again.Solution, expected, "offset");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void AStartThatDoesNotFitIsRefusedByName(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        var v = place.Constant(new Draw(2).Normal(4, 3));
        void Refused(Tensor start, string text) => Should.Throw<ArgumentException>(() => new RankPool().Solve(start, v, place.Positions(4), place.Ones(4))).Message.ShouldContain(text);
        Refused(zeros(3, dtype: dtype, device: place.Other), $"start is on device {place.Other} but v is on {v.device}");
        Refused(zeros(3, dtype: ScalarType.Float16, device: v.device), "start has dtype Float16");
        Refused(place.Constant(tensor(new[] { 1, double.NaN, 2 })), "start is not finite");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void InputsOnTwoDevicesAreRefusedByName(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        var v = place.Constant(new Draw(2).Normal(4, 3));
        Should.Throw<ArgumentException>(() => new RankPool().Call(v, zeros(4, dtype: dtype, device: place.Other), place.Ones(4)))
            .Message.ShouldContain($"t is on device {place.Other} but v is on {v.device}");
        Should.Throw<ArgumentException>(() => new RankPool().Call(v, place.Positions(4), -place.Ones(4))).Message.ShouldContain("weight has an element that is negative in problem 0");
        Should.Throw<ArgumentException>(() => new QuadraticLayer().call(place.Constant(tensor(new double[,,] { { { 2, 0 }, { 0, 1 } }, { { 1, 2 }, { 2, 1 } } })), place.Ones(2)))
            .Message.ShouldContain("P is not positive definite in problem 1");
        Should.Throw<ArgumentException>(() => new QuadraticLayer().call(place.Constant(tensor(new double[,] { { 2, 1 }, { 0, 1 } })), place.Ones(2))).Message.ShouldContain("P is not symmetric");
    }

    /// <summary>Gradient descent gives what the layer's own solver does, gradients included, and sees the device.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void ASolverOfTheUsersServes(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (place, frames, g) = (new Placement(device, dtype), new Draw(1).Frames(6, 4), new Draw(2).Normal(4));
        var plain = Placement.Plain.Leaf(frames);
        var expected = new RankPool().Call(plain, Placement.Plain.Positions(6), Placement.Plain.Ones(6));
        expected.backward([Placement.Plain.Constant(g)]);
        var starts = 0;
        Tensor Descend(ArgminProblem problem, Tensor start)
        {
            start.ShouldBeOn(device, dtype, "start");
            starts++;
            var y = start;
            for (var step = 0; step < 400; step++)
                y = y - (problem.Gradient(y) * 0.12);
            return y;
        }
        var v = place.Leaf(frames);
        var result = new RankPool(options: new() { Minimizer = Descend }).Solve(v, place.Positions(6), place.Ones(6));
        result.Problems.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            report => report.Status.ShouldBe(ArgminStatus.Converged), report => report.Solver.ShouldBe(SolverKind.Supplied));
        starts.ShouldBe(1);
        result.Solution.backward([place.Constant(g)]);
        place.Close(result.Solution, expected, "u");
        place.Close(v.grad!, plain.grad!, "v");
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void WhatASolverOfTheUsersReturnsIsTested(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        // The minimum is the mean, 3.
        Tensor[] inputs = [place.Constant(tensor(new double[,] { { 2 }, { 3 }, { 4 } })), place.Ones(3)];
        ArgminSolver With(ArgminMinimizer minimizer) => WeightedMeanProblem.Solver(new() { Minimizer = minimizer });
        With((_, start) => start + 3.0).Solve(null, inputs).Problems[0].Status.ShouldBe(ArgminStatus.Converged);
        With((_, start) => start + 3.1).Solve(null, inputs).Problems[0].Status.ShouldBe(ArgminStatus.NotStationary);
        With((_, start) => start * double.NaN).Solve(null, inputs).Problems[0].Status.ShouldBe(ArgminStatus.ObjectiveNotFinite);
        Should.Throw<ArgumentException>(() => With((_, _) => zeros([1, 1], dtype: dtype, device: place.Other)).Call(inputs)).Message.ShouldContain($"on {place.Other}");
    }
}
