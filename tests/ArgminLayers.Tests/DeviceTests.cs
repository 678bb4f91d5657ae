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

    private static Tensor Numbers(ScalarType dtype, string device) => arange(1, 5, dtype: dtype, device: torch.device(device));
}
