using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>What a backward pass does beside a first gradient, on every device: second derivatives, and failures, which are NaN and on record.</summary>
[Trait("Device", "every")]
public class BackwardTests
{
    public static TheoryData<string, ScalarType> Places => TestDevices.AndDtypes;

    /// <summary>Second derivatives on the side of the predictors, for vectors, coupled columns and columns on their own, are those of the dense Hessian in the space of y.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void SecondDerivatives(string device, ScalarType dtype)
    {
        foreach (var name in new[] { "rank pooling, many frames", "soft maximum, many predictors", "multinomial of rows", "Crammer–Singer, few samples", "rank poolings as columns", "rank poolings as rows" })
        {
            using var scope = NewDisposeScope();
            var problem = WaysTests.Problem(name);
            var draw = new Draw(9);
            var weights = problem.Inputs.Select(input => draw.Normal(input.shape)).ToArray();
            Tensor[] Second(Placement at, ArgminOptions options)
            {
                var (result, leaves) = problem.Solve(options, null, at.Device, at.Dtype);
                var first = autograd.grad([result.Solution.pow(2).sum()], leaves, create_graph: true, retain_graph: true);
                var sum = first.Zip(weights, (gradient, weight) => (gradient * at.Constant(weight)).sum()).Aggregate(static (left, right) => left + right);
                var second = autograd.grad([sum], leaves, allow_unused: true);
                result.Backward.Failure.ShouldBeNull(name);
                return [.. second];
            }
            var place = new Placement(device, dtype);
            var expected = Second(Placement.Plain, new() { Solver = SolverKind.Newton, Hessian = HessianForm.Cholesky });
            foreach (var options in new ArgminOptions[] { new() { Solver = SolverKind.SpanNewton }, new() { Solver = SolverKind.SpanNewton, Hessian = HessianForm.Cholesky }, new() { Solver = SolverKind.Newton } })
            {
                foreach (var (own, other) in Second(place, options).Zip(expected))
                    place.Close(own, other, $"{name}, {options.Solver} with {options.Hessian}");
            }
        }
    }

    /// <summary>A neighbour without a solution leaves second derivatives right, and has none itself.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void SecondDerivativesBesideAFailure(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        // One frame x with C = 1, ε = 0 and the number 1 has u = x/(1 + x²), and u″ = 2x(x² − 3)/(1 + x²)³.
        foreach (var kind in new[] { SolverKind.SpanNewton, SolverKind.Newton })
        {
            var x = place.Leaf(tensor(new[] { 0.5, double.NaN, -2.0 }).reshape(3, 1, 1));
            var result = new RankPool(1, 0, new() { Solver = kind }).Solve(x, place.Ones(1), place.Ones(1));
            result.Problems[1].Status.ShouldBe(ArgminStatus.InputNotFinite);
            var first = autograd.grad([result.Solution.sum()], [x], create_graph: true, retain_graph: true)[0];
            var second = autograd.grad([first.sum()], [x])[0];
            place.Close(first.flatten().index_select(0, place.Constant(tensor(new[] { 0, 2 })).to(int64)), tensor(new[] { 0.48, -0.12 }), $"{kind}");
            place.Close(second.flatten().index_select(0, place.Constant(tensor(new[] { 0, 2 })).to(int64)), tensor(new[] { -1.408, -0.032 }), $"{kind}");
            first[1].isnan().all().item<bool>().ShouldBeTrue($"{kind}");
            second[1].isnan().all().item<bool>().ShouldBeTrue($"{kind}");
        }
    }

    /// <summary>In the backward pass the products are those of H − 1.2 I, which is indefinite: that comes too late for a status.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void WhatFailsLateIsNaNAndOnRecord(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        var solver = SmoothingProblem.Solver(new() { Hessian = HessianForm.ConjugateGradient, Solver = SolverKind.Newton }, lateShift: -1.2);
        var (x, lambda) = (place.Leaf(new Draw(3).Normal(2, 20)), place.Leaf(tensor(1.0)));
        var result = solver.Solve(null, x, lambda);
        result.Converged.ShouldBeTrue();
        result.Solution.sum().backward();
        x.grad!.isnan().all().item<bool>().ShouldBeTrue();
        lambda.grad!.isnan().item<bool>().ShouldBeTrue();
        x.grad.ShouldBeOn(device, dtype, "x");
        result.Backward.Failure!.Message.ShouldContain("LinearTolerance");
        Should.Throw<ArgminException>(solver.ThrowIfFailed);
    }

    /// <summary>Products that throw, as those out of memory would.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void WhatThrowsIsNaNAndOnRecord(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        var solver = new ArgminSolver(RankPoolingProblem.Facts, new(), inputs => new RankPoolingProblem(inputs) { FailsBackward = true });
        var v = place.Leaf(new Draw(3).Normal(2, 4, 6));
        var result = solver.Solve(null, v, place.Positions(4), place.Ones(4), place.Constant(tensor(1.0)), place.Constant(tensor(0.125)));
        result.Converged.ShouldBeTrue();
        result.Solution.sum().backward();
        v.grad!.ShouldBeOn(device, dtype, "v");
        v.grad!.isnan().all().item<bool>().ShouldBeTrue();
        result.Backward.Failure!.Message.ShouldContain("it went wrong on purpose");
        Should.Throw<ArgminException>(solver.ThrowIfFailed);
    }
}
