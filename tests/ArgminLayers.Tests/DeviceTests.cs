using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>The same values on every device: the CPU, and CUDA where there is one. tests/run-cuda.sh runs these on a machine without the .NET SDK.</summary>
[Trait("Device", "every")]
public class DeviceTests
{
    private static readonly double[,] Frames = { { 1, 0 }, { 1, 1 }, { 0, 2 }, { 1, 3 } };
    private static readonly double[] Solution = [0.53409090909090909, 1.19090909090909091];

    /// <summary>The devices of this machine.</summary>
    public static TheoryData<string> Devices() => cuda.is_available() ? ["cpu", "cuda"] : ["cpu"];

    [Theory]
    [MemberData(nameof(Devices))]
    public void SolutionsAndJacobiansAreThoseOfAnIndependentImplementation(string device)
    {
        foreach (var form in new[] { HessianForm.Auto, HessianForm.Cholesky, HessianForm.Woodbury, HessianForm.ShermanMorrison, HessianForm.ConjugateGradient })
        {
            foreach (var solver in Solvers.All)
                FixtureTests.Check(1, "rank_pooling", ["v", "t", "w", "C", "eps"], new LearnedRankPool(new() { Hessian = form, Solver = solver }), device);
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void BothPrecisionsSolveABatch(string device)
    {
        foreach (var (dtype, tolerance) in new[] { (float32, 1e-6), (float64, 1e-12) })
        {
            using var scope = NewDisposeScope();
            var v = tensor(Frames).unsqueeze(0).expand(5, 4, 2).to(dtype).to(device).requires_grad_();
            var layer = new RankPool();
            var u = layer.Call(v, Numbers(dtype, device), ones(4, dtype: dtype, device: torch.device(device)));
            u.device_type.ShouldBe(torch.device(device).type);
            u.dtype.ShouldBe(dtype);
            u.backward([tensor(new[] { 1.0, -2.0 }).to(dtype).to(device).expand(5, 2)]);
            layer.ThrowIfFailed();
            for (var i = 0; i < 5; i++)
            {
                Compare.Close(u[i], Solution, tolerance);
                Compare.Close(v.grad![i].flatten(), [
                    -0.0879132231, -0.7223140496, -0.0420454545, -0.3454545455, 0.5621900826, 0.5082644628, 0.1542355372, 0.3537190083,
                ], Math.Max(tolerance, 1e-9));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void AProblemThatIsNotFiniteLeavesItsNeighboursRight(string device)
    {
        using var scope = NewDisposeScope();
        var frames = stack([tensor(Frames), tensor(Frames), tensor(Frames)]);
        frames[1, 2, 0] = tensor(double.NaN);
        var v = frames.to(device).requires_grad_();
        var result = new RankPool().Solve(v, Numbers(float64, device), ones(4, dtype: float64, device: torch.device(device)));
        result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.Converged, ArgminStatus.InputNotFinite, ArgminStatus.Converged]);
        result.Solution.sum().backward();
        foreach (var i in new[] { 0, 2 })
        {
            Compare.Close(result.Solution[i], Solution, 1e-12);
            v.grad![i].isfinite().all().item<bool>().ShouldBeTrue();
        }
        result.Solution[1].isnan().all().item<bool>().ShouldBeTrue();
        v.grad![1].isnan().all().item<bool>().ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Devices))]
    public void ASharedInputCollectsTheSumOfItsGradients(string device)
    {
        using var scope = NewDisposeScope();
        var weights = ones(4, dtype: float64, device: torch.device(device));
        Tensor Gradient(long[] batch)
        {
            var v = tensor(Frames).to(device).requires_grad_();
            new RankPool().Call(v, Numbers(float64, device).expand([.. batch, 4]), weights).sum().backward();
            return v.grad!;
        }
        Compare.Close(Gradient([3]), 3 * Gradient([]), 1e-12);
    }

    /// <summary>Solution and gradient of float32 frames against float64 on the CPU: small and large C, below and above what the Gram matrix stays in float32 for, and more frames than features.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void Float32FramesAreSolvedAsInFloat64OnTheCpu(string device)
    {
        foreach (var (t, d) in new[] { (40L, 300L), (60L, 20L) })
        {
            foreach (var (c, precision, tolerance) in new[] { (0.01, ScalarType.Float32, 1e-5), (1, ScalarType.Float32, 1e-4), (1e6, ScalarType.Float64, 1e-4) })
            {
                using var scope = NewDisposeScope();
                var draw = new Draw(3);
                var frames = stack([draw.Frames(t, d), draw.Frames(t, d), draw.Frames(t, d)]).to(float32);
                var g = draw.Normal(3, d);
                (Tensor U, Tensor Gradient, ArgminResult Result) Solved(ScalarType dtype, string where)
                {
                    var v = frames.to(dtype).to(where).requires_grad_();
                    var layer = new RankPool(c);
                    var result = layer.Solve(v, arange(1, t + 1, dtype: dtype, device: torch.device(where)), ones(t, dtype: dtype, device: torch.device(where)));
                    result.Solution.backward([g.to(dtype).to(where)]);
                    layer.ThrowIfFailed();
                    return (result.Solution, v.grad!, result);
                }
                var (expected, actual) = (Solved(float64, "cpu"), Solved(float32, device));
                if (d > t)
                    actual.Result.Problems.ShouldAllBe(problem => problem.Status.HasSolution() && problem.Precision == precision);
                Compare.Close(actual.U, expected.U, tolerance);
                Compare.Close(actual.Gradient, expected.Gradient, tolerance);
            }
        }
    }

    /// <summary>The minimum of Rosenbrock's valley is (a, a²), whatever solver finds it.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void SolversOfObjectivesThatAreNotConvexFindTheirMinimum(string device)
    {
        foreach (var kind in new[] { SolverKind.DampedNewton, SolverKind.Newton, SolverKind.Lbfgs })
        {
            using var scope = NewDisposeScope();
            var draw = new Draw(1);
            var (a, b) = (draw.Normal(20).to(device).requires_grad_(), draw.Uniform(1, 100, 20).to(device).requires_grad_());
            var result = RosenbrockProblem.Solver(new() { Solver = kind, MaxIterations = 300 }).Solve((draw.Normal(20, 2) * 3).to(device), a, b);
            result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Converged);
            Compare.Close(result.Solution, stack([a.detach(), a.detach().pow(2)], -1), 1e-6);
            result.Solution.sum().backward();
            Compare.Close(a.grad!, a.detach() * 2 + 1, 1e-5);
            Compare.Close(b.grad!, zeros(20, dtype: float64), 1e-5);
        }
    }

    /// <summary>One frame x of number 1 with C = 1 and ε = 0 has u = x/(1 + x²), and u″ = 2x(x² − 3)/(1 + x²)³.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void SecondDerivativesAreThoseOfTheClosedForm(string device)
    {
        using var scope = NewDisposeScope();
        var one = ones(1, dtype: float64, device: torch.device(device));
        var x = tensor(new[] { 0.5, -2.0 }).reshape(2, 1, 1).to(device).requires_grad_();
        var u = new RankPool(1, 0).Call(x, one, one);
        var first = autograd.grad([u.sum()], [x], create_graph: true, retain_graph: true)[0];
        var second = autograd.grad([first.sum()], [x])[0];
        Compare.Close(first.flatten(), [0.75 / 1.5625, -3 / 25.0], 1e-13);
        Compare.Close(second.flatten(), [-2.75 / 1.953125, -4 / 125.0], 1e-13);
    }

    /// <summary>Sequences of different lengths in one tensor: the batch equals the loop.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void PackedSequencesEqualTheLoop(string device)
    {
        using var scope = NewDisposeScope();
        int[] lengths = [3, 8, 1];
        var packed = new PackedSequences(lengths);
        var frames = new Draw(1).Normal(12, 3).to(device).requires_grad_();
        var pool = new RankPool();
        var u = pool.Call(packed.Pad(frames), packed.Positions(frames), packed.Weights(frames));
        u.sum().backward();
        for (var (b, first) = (0, 0); b < lengths.Length; first += lengths[b++])
        {
            var single = frames.detach().narrow(0, first, lengths[b]).cpu().requires_grad_();
            var alone = pool.Call(single, arange(1, lengths[b] + 1, dtype: float64), ones(lengths[b], dtype: float64));
            alone.sum().backward();
            Compare.Close(u[b], alone, 1e-12);
            Compare.Close(frames.grad!.narrow(0, first, lengths[b]), single.grad!, 1e-12);
        }
    }

    /// <summary>Every piece of a layer against differences of the objective, from inputs of the device.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void ChecksAgree(string device)
    {
        using var scope = NewDisposeScope();
        var layer = new RankPoolingLayer();
        var report = layer.Check(tensor(Frames).to(device), Numbers(float64, device), ones(4, dtype: float64, device: torch.device(device)));
        report.Passed.ShouldBeTrue(report.ToString());
    }

    /// <summary>Inputs on two devices are refused with their names.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void InputsOnTwoDevicesAreRefused(string device)
    {
        using var scope = NewDisposeScope();
        var (v, weights) = (tensor(Frames).to(device), ones(4, dtype: float64, device: torch.device(device)));
        if (device == "cpu")
            new RankPool().Call(v, Numbers(float64, "cpu"), weights).device_type.ShouldBe(DeviceType.CPU);
        else
            Should.Throw<ArgumentException>(() => new RankPool().Call(v, Numbers(float64, "cpu"), weights)).Message.ShouldContain("t is on device cpu but v is on cuda:0");
    }

    private static Tensor Numbers(ScalarType dtype, string device) => arange(1, 5, dtype: dtype, device: torch.device(device));
}
