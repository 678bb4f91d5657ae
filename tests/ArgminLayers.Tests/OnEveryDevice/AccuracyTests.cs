using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>What reports say of accuracy, and what is done for it, on every device: conditions, residuals, refined systems, larger precision.</summary>
[Trait("Device", "every")]
public class AccuracyTests
{
    private const double R = 0.96875;

    public static TheoryData<string> Devices => TestDevices.All;

    public static TheoryData<string, ScalarType> Places => TestDevices.AndDtypes;

    /// <summary>From well-conditioned problems to the last that has digits, against 100 digits; what is refused is beyond.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void StiffProblemsAreRightOrRefused(string device)
    {
        foreach (var options in new ArgminOptions[] { new(), new() { Solver = SolverKind.Newton, Hessian = HessianForm.Cholesky }, new() { Solver = SolverKind.Newton, Hessian = HessianForm.Woodbury } })
        {
            foreach (var at in StiffCase.Of("smooth").Where(static at => at.Scale is > 1e-2 and < 1e2))
            {
                using var scope = NewDisposeScope();
                var (report, errors) = at.Solve(options, device);
                var rounding = at.Condition * Math.Pow(2, -52);
                var what = $"{options.Solver} with {options.Hessian}, {at}: {report}, errors {string.Join(", ", errors)}";
                if (report.Status.HasSolution())
                    errors.Max().ShouldBeLessThan(Math.Clamp(100 * rounding, 1e-10, 0.01), what);
                else
                    rounding.ShouldBeGreaterThan(0.01 / 4, what);
            }
        }
    }

    /// <summary>[[1, r], [r, 1]] has the condition (1 + r)/(1 − r), as I − rI + r (1, 1)(1, 1)ᵀ, as a block, between rows, and as ρI + K of two frames.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void ConditionsAreEstimatedOnDemand(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        var correlated = tensor(new[,] { { 1, R }, { R, 1 } });
        void Estimates(Func<ArgminOptions, ArgminResult> solve, params HessianForm[] forms)
        {
            foreach (var form in forms)
                solve(new() { Hessian = form, EstimateCondition = true }).Problems.ShouldAllBe(report => report.Condition >= (1 + R) / (1 - R) / 6 && report.Condition <= (1 + R) / (1 - R) * 6, $"{form}");
        }
        Estimates(
            o => LowRankProblem.Solver(o).Solve(null, place.Constant(tensor(new[,] { { 1.0, 2 }, { 2, -1 } })), place.Constant(full(2, 1 - R)), place.Ones(1, 2), place.Constant(full(1, R))),
            HessianForm.Auto, HessianForm.Cholesky, HessianForm.Woodbury, HessianForm.ShermanMorrison, HessianForm.ConjugateGradient);
        Estimates(
            o => BlockProblem.Solver(o, isByColumn: false, isShared: false).Solve(null, place.Constant(new Draw(1).Normal(2, 3, 2)), place.Constant(correlated.expand(3, 2, 2))),
            HessianForm.Auto, HessianForm.Cholesky);
        Estimates(
            o => KroneckerProblem.Solver(o, isSum: true).Solve(null, place.Constant(new Draw(1).Normal(2, 2, 3)), place.Constant(correlated), place.Constant(zeros(3, 3))),
            HessianForm.Auto, HessianForm.Kronecker);
        // C large enough that ρ does not count; only one side of the tube is met.
        Estimates(
            o => new RankPool(1024, 0, o with { Solver = SolverKind.SpanNewton }).Solve(place.Leaf(tensor(new[,] { { 1, 0, 0 }, { R, Math.Sqrt(1 - (R * R)), 0 } })), place.Positions(2), place.Ones(2)),
            HessianForm.Auto, HessianForm.Woodbury);
    }

    /// <summary>(I + λDᵀD)⁻¹ without a matrix, against elimination, with the residual in the reports.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void ConjugateGradientsReportTheirResidual(string device, ScalarType dtype)
    {
        const double Strength = 50;
        foreach (var kind in new[] { SolverKind.Newton, SolverKind.DampedNewton })
        {
            using var scope = NewDisposeScope();
            var (draw, place) = (new Draw(1), new Placement(device, dtype));
            var (x, g) = (draw.Normal(100).to(float32), draw.Normal(100).to(float32));
            var leaf = place.Leaf(x);
            var result = SmoothingProblem.Solver(new() { Hessian = HessianForm.ConjugateGradient, Solver = kind }).Solve(null, leaf, place.Constant(tensor(Strength)));
            result.Solution.backward([place.Constant(g)]);
            var most = dtype == ScalarType.Float32 ? 1e-5 : 1e-10;
            result.Problems[0].LinearResidual!.Value.ShouldBeInRange(0, most);
            result.Backward.LinearResidual!.Value.ShouldBeInRange(0, most);
            double[] Exact(Tensor b) => SmoothingProblem.Solve(b.to(float64).data<double>().ToArray(), Strength);
            place.Close(result.Solution, tensor(Exact(x)), $"{kind}");
            place.Close(leaf.grad!, tensor(Exact(g)), $"{kind}");
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

    /// <summary>A soft maximum's second derivatives on the side of the predictors, where a matrix couples them, are those of the dense Hessian in the space of y.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void SecondDerivatives(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(9);
        Tensor[] inputs = [draw.Normal(2, 4, 6), draw.Normal(4), draw.Normal(2, 6), draw.Uniform(0.5, 1)];
        var weights = inputs.Select(input => draw.Normal(input.shape)).ToArray();
        Tensor[] Second(Placement at, ArgminOptions options)
        {
            var leaves = inputs.Select(at.Leaf).ToArray();
            var layer = new SoftMaximumLayer(options);
            var first = autograd.grad([layer.call(leaves[0], leaves[1], leaves[2], leaves[3]).pow(2).sum()], leaves, create_graph: true, retain_graph: true);
            var sum = first.Zip(weights, (gradient, weight) => (gradient * at.Constant(weight)).sum()).Aggregate(static (left, right) => left + right);
            var second = autograd.grad([sum], leaves);
            layer.ThrowIfFailed();
            return [.. second];
        }
        var place = new Placement(device, dtype);
        var expected = Second(Placement.Plain, new() { Solver = SolverKind.Newton, Hessian = HessianForm.Cholesky });
        foreach (var options in new ArgminOptions[] { new() { Solver = SolverKind.SpanNewton }, new() { Solver = SolverKind.Newton, Hessian = HessianForm.Woodbury } })
        {
            foreach (var (own, other) in Second(place, options).Zip(expected))
                place.Close(own, other, $"{options.Solver}");
        }
    }

    /// <summary>y = Σ w x / (Σ w + pull): with weights of 1 and a pull of ½ a sum over 2.5.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void InputsThatAreLeftOut(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        var x = place.Leaf(tensor(new[,,] { { { 1.0, 2 }, { 3, 5 } }, { { 0, 0 }, { 4, 2 } } }));
        place.Close(new DrawnMeanLayer().call(x), tensor(new[,] { { 1.6, 2.8 }, { 1.6, 0.8 } }));
        var y = new DrawnMeanLayer().call(x, place.Constant(tensor(new double[] { 1, 3 })));
        place.Close(y, tensor(new double[,] { { 10, 17 }, { 12, 6 } }) / 4.5);
        y.sum().backward();
        place.Close(x.grad!, (tensor(new double[,] { { 1, 1 }, { 3, 3 } }) / 4.5).expand(2, 2, 2));
    }
}
