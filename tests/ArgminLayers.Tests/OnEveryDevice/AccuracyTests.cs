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
            foreach (var at in StiffCase.Of("smooth").Where(static at => at.Scale == 1).Concat(StiffCase.Of("repeated").Where(static at => at is { Scale: > 1e2 and < 1e4, Cost: >= 1 })))
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
        // Two predictors that are orthogonal: H's counterpart ρI + kS has S = ¼ [[1, −1], [−1, 1]], which makes it ρ and ρ + k/2.
        Estimates(
            o => new SoftMaximumLayer(o with { Solver = SolverKind.SpanNewton }).Solve(
                place.Leaf(eye(2).unsqueeze(0) * Math.Sqrt(124)), place.Constant(zeros(2)), place.Constant(zeros(2)), place.Constant(tensor(1.0))),
            HessianForm.Auto, HessianForm.Woodbury);
    }

    /// <summary>
    /// Frames (1, 0) and (1, δ), δ = 2⁻²⁰, with C = 1/δ²: predictions are differences of far larger terms. A pair that is to be 1 apart gives u = (0, ½/δ); numbers 0 and 1 have the
    /// solution u of (I + C VᵀV) u = C Vᵀt, about (⅓, ⅓/δ).
    /// </summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void WeaklyDeterminedSolutions(string device)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, ScalarType.Float64);
        const double Delta = 1.0 / (1 << 20);
        var v = tensor(new[,] { { 1, 0 }, { 1, Delta } });
        var pair = new PairwiseHingeLayer(new() { Solver = SolverKind.SpanNewton }).Solve(
            place.Constant(v), place.Constant(tensor(new double[,] { { 0, 1 }, { 0, 0 } })), place.Constant(tensor(1 / (Delta * Delta))));
        pair.Problems[0].Status.HasSolution().ShouldBeTrue($"{pair.Problems[0]}");
        Compare.Close(pair.Solution * Delta, [0, 0.5], 1e-2);
        var pooled = new RankPool(1 / (Delta * Delta), 0, new() { Solver = SolverKind.SpanNewton }).Solve(place.Constant(v), place.Constant(tensor(new double[] { 0, 1 })), place.Ones(2));
        pooled.Problems[0].Status.ShouldBe(ArgminStatus.WeaklyDetermined);
        Compare.Close(pooled.Solution * place.Constant(tensor(new[] { 1, Delta })), [1.0 / 3, 1.0 / 3], 1e-2);
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
