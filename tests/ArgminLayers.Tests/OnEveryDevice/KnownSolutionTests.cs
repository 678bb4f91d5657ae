using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>Values that are known beforehand, on every device: of an independent implementation, of closed forms, of differences. tests/run-cuda.sh runs these on a machine without the .NET SDK.</summary>
[Trait("Device", "every")]
public class KnownSolutionTests
{
    private static readonly double[,] Frames = { { 1, 0 }, { 1, 1 }, { 0, 2 }, { 1, 3 } };
    private static readonly double[] Solution = [0.53409090909090909, 1.19090909090909091];

    public static TheoryData<string> Devices => TestDevices.All;

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

    /// <summary>Every piece of a layer against differences of the objective, from inputs of the device.</summary>
    [Theory]
    [MemberData(nameof(Devices))]
    public void ChecksAgree(string device)
    {
        using var scope = NewDisposeScope();
        var layer = new RankPoolingLayer();
        foreach (var point in new[] { null, tensor(new[] { 0.3, -0.4 }).to(device) })
        {
            var report = layer.Check(tensor(Frames).to(device), Numbers(float64, device), ones(4, dtype: float64, device: torch.device(device)), point);
            report.Passed.ShouldBeTrue(report.ToString());
        }
    }

    private static Tensor Numbers(ScalarType dtype, string device) => arange(1, 5, dtype: dtype, device: torch.device(device));
}
