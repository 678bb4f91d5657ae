using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>What has no solution says so on every device and in both dtypes, and its neighbours in the batch have theirs. The statuses are those of the problems' mathematics.</summary>
[Trait("Device", "every")]
public class StatusTests
{
    private static readonly SolverKind[] InSpaceOfY = [SolverKind.Auto, SolverKind.Newton, SolverKind.DampedNewton, SolverKind.Lbfgs];

    public static TheoryData<string, ScalarType> Places => TestDevices.AndDtypes;

    /// <summary>¼y⁴ + ½ay² − xy has a singular Hessian at its minimum where x = a = 0, and a maximum at 0 where x = 0 and a = −1.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void SingularHessiansAndMaximaBesideMinima(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        foreach (var structure in new[] { HessianStructure.Dense, HessianStructure.Diagonal })
        {
            var (x, a) = (place.Leaf(tensor(new double[,] { { 2 }, { 0 }, { 5 } })), place.Constant(tensor(new double[] { 1, 0, 0 })));
            var result = CubicRootProblem.Solver(Curvature.Convex, structure).Solve(place.Constant(tensor(new double[,] { { 1 }, { 0 }, { 1 } })), x, a);
            result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.Converged, ArgminStatus.HessianSingular, ArgminStatus.Converged]);
            result.Solution.sum().backward();
            // y′ = 1/(3y² + a).
            Compare.Close(x.grad![0], [0.25], 1e-6);
            x.grad[1].isnan().all().item<bool>().ShouldBeTrue();
            Compare.Close(x.grad[2], [1 / (3 * Math.Pow(5, 2.0 / 3))], 1e-6);
        }
        // Σ (y − x)⁴: the steps shrink by a third, and H with them.
        QuarticProblem.Solver().Solve(null, place.Leaf(tensor(new[] { 1.0, -3 }))).Problems[0].Status.ShouldBe(ArgminStatus.HessianSingular);
        foreach (var kind in InSpaceOfY)
        {
            var solver = CubicRootProblem.Solver(Curvature.Unknown, options: new() { Solver = kind });
            var result = solver.Solve(place.Constant(tensor(new[,] { { 0.0 }, { 0.5 } })), place.Constant(zeros(2, 1)), place.Constant(tensor(-1)));
            result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.NotAMinimum, ArgminStatus.Converged], $"{kind}");
            Compare.Close(result.Solution[1], [1], 1e-6);
        }
    }

    /// <summary>I + w uuᵀ with ‖u‖² = 4 has the eigenvalue 1 + 4w.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void IndefiniteAndSingularLowRankHessians(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        foreach (var form in new[] { HessianForm.Auto, HessianForm.Cholesky, HessianForm.Woodbury, HessianForm.ShermanMorrison })
        {
            var result = LowRankProblem.Solver(form).Solve(
                null, place.Constant(tensor(new double[] { 1, 2 })), place.Ones(2), place.Constant(tensor(new double[,] { { 2, 0 } })), place.Constant(tensor(new[,] { { -1 }, { -0.25 }, { -0.125 } })));
            result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.NotAMinimum, ArgminStatus.HessianSingular, ArgminStatus.Converged], $"{form}");
            Compare.Close(result.Solution[2], [2, 2], 1e-6);
        }
    }

    /// <summary>S ⊗ I + I ⊗ R and S ⊗ R + μI with R = I and μ = 1, where S has an eigenvalue of 1, −1 or −2.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void IndefiniteAndSingularKroneckerProducts(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        Tensor Diagonals(double[,] values) => place.Constant(diag_embed(tensor(values)));
        foreach (var form in new[] { HessianForm.Auto, HessianForm.Kronecker, HessianForm.Cholesky })
        {
            foreach (var isSum in new[] { true, false })
            {
                Tensor[] inputs = [place.Constant(zeros(2, 3)), Diagonals(new double[,] { { 1, 2 }, { -1, 2 }, { -2, 2 } }), Diagonals(new double[,] { { 1, 1, 1 } })[0], .. isSum ? [] : new[] { place.Constant(tensor(1.0)) }];
                KroneckerProblem.Solver(new() { Hessian = form }, isSum).Solve(null, inputs).Problems.Select(problem => problem.Status)
                    .ShouldBe([ArgminStatus.Converged, ArgminStatus.HessianSingular, ArgminStatus.NotAMinimum], $"{form}, sum {isSum}");
            }
        }
    }

    /// <summary>An input that is not finite spoils its own problem, on the side of the predictors and in the space of y.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void InputsThatAreNotFinite(string device, ScalarType dtype)
    {
        foreach (var kind in Solvers.All)
        {
            using var scope = NewDisposeScope();
            var (draw, place) = (new Draw(1), new Placement(device, dtype));
            var pool = new RankPool(options: new() { Solver = kind });
            var frames = draw.Normal(3, 4, 5);
            var spoilt = frames.clone();
            spoilt[1, 2, 0] = tensor(double.NaN);
            var times = arange(1, 5, dtype: float64).expand(3, 4).clone();
            times[2, 1] = tensor(double.PositiveInfinity);
            var (v, plain) = (place.Leaf(spoilt), Placement.Plain.Leaf(frames));
            var result = pool.Solve(v, place.Constant(times), place.Ones(4));
            result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.Converged, ArgminStatus.InputNotFinite, ArgminStatus.InputNotFinite], $"{kind}");
            result.Problems.Select(problem => problem.Detail).Skip(1).ShouldBe(["the input v", "the input t"], $"{kind}");
            result.Solution.pow(2).sum().backward();
            var alone = pool.Call(plain, Placement.Plain.Positions(4), Placement.Plain.Ones(4));
            alone.pow(2).sum().backward();
            place.Close(result.Solution[0], alone[0], $"{kind}, u");
            place.Close(v.grad![0], plain.grad![0], $"{kind}, v");
            foreach (var failed in new[] { result.Solution[1], result.Solution[2], v.grad[1], v.grad[2] })
                failed.isnan().all().item<bool>().ShouldBeTrue($"{kind}");
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void NoInputThatIsFinite(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        var v = place.Leaf(new Draw(1).Normal(2, 4, 5));
        var result = new RankPool().Solve(v, place.Constant(full(4, double.NaN)), place.Ones(4));
        result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.InputNotFinite);
        result.Solution.sum().backward();
        foreach (var failed in new[] { result.Solution, v.grad! })
        {
            failed.ShouldBeOn(device, dtype, "NaN");
            failed.isnan().all().item<bool>().ShouldBeTrue();
        }
    }

    /// <summary>Frames that are the same twice, C‖v‖² far beyond the dtype's digits.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void PrecisionThatIsExhausted(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        foreach (var form in new[] { HessianForm.Auto, HessianForm.Cholesky, HessianForm.ConjugateGradient })
        {
            // κ is 4/ε, with eigenvectors along the diagonals.
            var small = Precision.Of(dtype) / 2;
            var h = tensor(new[,] { { 1, 1 - small }, { 1 - small, 1 } }).to(dtype).to(device);
            QuadraticProblem.Solver(new() { Hessian = form }).Solve(null, place.Constant(tensor(new double[] { 1, 0 })), h).Problems[0].Status.ShouldBe(ArgminStatus.PrecisionExhausted, $"{form}");
        }
        var v = place.Constant(new Draw(1).Frames(3, 8).repeat_interleave(2, 0) * 1e3);
        new RankPool(1e8).Solve(v, place.Positions(6), place.Ones(6)).Problems[0].Status.ShouldBe(ArgminStatus.PrecisionExhausted);
        // ρ = 1 beside C‖v‖² = 2⁶⁰ leaves nothing to factorise.
        var twins = place.Constant(tensor(new double[,] { { 1 << 20, 0, 0 }, { 1 << 20, 0, 0 } }));
        new RankPool(1 << 20, 0, new() { Solver = SolverKind.SpanNewton }).Solve(twins, place.Positions(2), place.Ones(2)).Problems[0].Status.ShouldBe(ArgminStatus.PrecisionExhausted);
    }

    /// <summary>Lines, caps and tails have no minimum; each is looked for by two solvers, since that takes long.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void WhatFallsForEver(string device, ScalarType dtype)
    {
        foreach (var (shape, curvature, kind) in new[]
        {
            (FallingProblem.Shape.Line, Curvature.Convex, SolverKind.Newton), (FallingProblem.Shape.Line, Curvature.Convex, SolverKind.Lbfgs),
            (FallingProblem.Shape.Cap, Curvature.Unknown, SolverKind.Auto), (FallingProblem.Shape.Cap, Curvature.Unknown, SolverKind.Lbfgs),
            (FallingProblem.Shape.Decay, Curvature.Convex, SolverKind.Auto), (FallingProblem.Shape.Decay, Curvature.Convex, SolverKind.DampedNewton),
        })
        {
            using var scope = NewDisposeScope();
            var place = new Placement(device, dtype);
            var result = FallingProblem.Solver(shape, curvature, new() { Solver = kind }).Solve(null, place.Constant(tensor(new[] { 0.5, 2 })));
            result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Unbounded, $"{shape}, {kind}");
        }
    }

    /// <summary>S ⊗ I + I ⊗ I and S ⊗ I + I, where S has the eigenvalue −3.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void KroneckerProductsThatFallForEver(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        foreach (var isSum in new[] { true, false })
        {
            Tensor[] inputs = [place.Ones(2, 3), place.Constant(tensor(new[] { 1.0, -3 }).diag()), place.Constant(eye(3)), .. isSum ? [] : new[] { place.Constant(tensor(1.0)) }];
            KroneckerProblem.Solver(new() { Hessian = HessianForm.Kronecker, Solver = SolverKind.DampedNewton }, isSum).Solve(null, inputs).Problems[0].Status.ShouldBe(ArgminStatus.Unbounded, $"sum {isSum}");
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void TooFewIterations(string device, ScalarType dtype)
    {
        foreach (var kind in Solvers.All)
        {
            using var scope = NewDisposeScope();
            var (draw, place) = (new Draw(1), new Placement(device, dtype));
            var result = LogisticProblem.Solver(new() { MaxIterations = 1, Solver = kind }).Solve(
                null, place.Constant(draw.Normal(2, 4, 6) * 3), place.Constant(draw.Normal(4)), place.Constant(draw.Normal(6)), place.Constant(tensor(0.125)));
            result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.IterationLimit && problem.Iterations == 1, $"{kind}");
        }
    }

    /// <summary>y = x below t, (x + Ct)/(1 + C) above, and a kink at x = t; two frames of 1 with targets 3 and 2 in rank pooling, C = ε = 1, are at the edge of the tube.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void SolutionsOnAKink(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        foreach (var kind in InSpaceOfY)
        {
            var result = new ThresholdLayer(new() { Solver = kind }).Solve(
                place.Constant(tensor(new double[,] { { 3, 1 }, { 2.5, 1 }, { 3.5, 1 } })), place.Constant(tensor(new double[] { 3, 2 })), place.Constant(tensor(3.0)));
            result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.OnAKink, ArgminStatus.Converged, ArgminStatus.Converged], $"{kind}");
            Compare.Close(result.Solution.flatten(), [3, 1, 2.5, 1, 3.125, 1], 1e-6);
        }
        foreach (var kind in new[] { SolverKind.SpanNewton, SolverKind.Newton })
        {
            var times = place.Constant(tensor(new[,] { { 3, 2 }, { 3, 1.5 }, { 3, 2.5 } }));
            var result = new RankPool(1, 1, new() { Solver = kind }).Solve(place.Leaf(ones(2, 1)), times, place.Ones(2));
            result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.OnAKink, ArgminStatus.Converged, ArgminStatus.Converged], $"{kind}");
            Compare.Close(result.Solution.flatten(), [1, 1, 3.5 / 3], 1e-6);
        }
    }

    /// <summary>y⁴ overflows at the start.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void AnObjectiveThatIsNotFinite(string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var place = new Placement(device, dtype);
        foreach (var kind in InSpaceOfY)
        {
            var start = full([1, 1], dtype == ScalarType.Float32 ? 1e30 : 1e200, dtype: dtype, device: torch.device(device));
            CubicRootProblem.Solver(Curvature.Convex, options: new() { Solver = kind }).Solve(start, place.Ones(1, 1), place.Ones(1)).Problems[0].Status.ShouldBe(ArgminStatus.ObjectiveNotFinite, $"{kind}");
        }
    }
}
