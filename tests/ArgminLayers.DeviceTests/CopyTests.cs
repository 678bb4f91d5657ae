using System.Runtime.InteropServices;
using ArgminLayers.Tests;
using Gallery;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.DeviceTests;

/// <summary>What a solver brings from the GPU to the host: one transfer an iteration, on which it decides, and nothing in a backward pass.</summary>
internal static class CopyTests
{
    /// <summary>Transfers of a call that belong to no iteration: checks of inputs before it, the verdict behind it.</summary>
    private const long Around = 12;

    private delegate nint Counter();

    private static readonly Counter? CopiesToHost = NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "copies_to_host", out var export)
        ? Marshal.GetDelegateForFunctionPointer<Counter>(export)
        : null;

    /// <summary>Whether this process was started with the library that counts.</summary>
    public static bool CanCount => CopiesToHost is not null;

    /// <summary>Counts for a piecewise quadratic, a smooth and a general objective; fails where an iteration costs more than one transfer.</summary>
    public static void OneTransferAnIteration()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(5);
        var v = draw.Normal(4, 30, 200).to("cuda").requires_grad_();
        var (t, ones30) = (arange(1, 31, dtype: float64).to("cuda"), ones(30, dtype: float64).to("cuda"));
        Count("rank pooling", () => new RankPoolingLayer(0.01).Solve(v, t, ones30));
        var x = (draw.Normal(40, 6) * 3).to("cuda").requires_grad_();
        var signs = draw.Normal(40).sign().to("cuda");
        Count("logistic", () => new LogisticLayer().Solve(x, signs, tensor(1e-3).to("cuda")));
        Count("logistic, Newton with Cholesky", () => new LogisticLayer(new ArgminOptions { Solver = SolverKind.Newton, Hessian = HessianForm.Cholesky }).Solve(x, signs, tensor(1e-3).to("cuda")));
    }

    private static void Count(string name, Func<ArgminResult> solve)
    {
        // The first call sets libraries up.
        solve();
        long start = CopiesToHost!();
        var result = solve();
        long forward = CopiesToHost!() - start;
        result.Converged.ShouldBeTrue();
        result.Solution.sum().backward();
        long backward = CopiesToHost!() - start - forward;
        var iterations = result.Problems.Max(problem => problem.Iterations);
        Console.WriteLine($"        {name}: {iterations} iterations, {forward} transfers forward, {backward} backward");
        forward.ShouldBeLessThanOrEqualTo(iterations + Around, name);
        backward.ShouldBe(0, name);
    }
}
