using System.Runtime.InteropServices;
using ArgminLayers.Tests;
using Gallery;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.DeviceTests;

/// <summary>
/// What a solver brings from the GPU to the host: one transfer an iteration, or a trial of L-BFGS's line search, on which all is decided, one for the inputs and few for the verdict; and
/// that a backward pass brings nothing.
/// </summary>
internal static class CopyTests
{
    /// <summary>
    /// Transfers of a call that belong to no iteration: for the inputs, for the verdict or the Hessian at the solution, in the space of y for the last iterate;
    /// as counted on an H200 with libtorch 2.11.
    /// </summary>
    private const long InSpan = 3, InSpaceOfY = 6;

    private delegate nint Counter();

    private static readonly Counter? CopiesToHost = Find("copies_to_host");

    /// <summary>Whether this process was started with the library that counts.</summary>
    public static bool CanCount => CopiesToHost is not null;

    /// <summary>Counts for a piecewise quadratic and a smooth objective; fails where an iteration costs more transfers than stated here, or a backward pass any.</summary>
    public static void FewTransfers()
    {
        Console.WriteLine();
        using var scope = NewDisposeScope();
        var draw = new Draw(5);
        var v = draw.Normal(4, 30, 200).to("cuda").requires_grad_();
        var (t, ones30) = (arange(1, 31, dtype: float64).to("cuda"), ones(30, dtype: float64).to("cuda"));
        Count("rank pooling", InSpan, () => new RankPoolingLayer(0.01).Solve(v, t, ones30));
        var (few, many) = ((draw.Normal(20, 40) * 3).to("cuda").requires_grad_(), (draw.Normal(40, 6) * 3).to("cuda").requires_grad_());
        var (fewLabels, manyLabels, ridge) = (draw.Normal(20).sign().to("cuda"), draw.Normal(40).sign().to("cuda"), tensor(1e-3).to("cuda"));
        Count("logistic, 20 samples of 40 features", InSpan, () => new LogisticLayer().Solve(few, fewLabels, ridge));
        Count("logistic, 40 samples of 6 features", InSpaceOfY, () => new LogisticLayer().Solve(many, manyLabels, ridge));
        Count("the same by damped Newton", InSpaceOfY, () => new LogisticLayer(new() { Solver = SolverKind.DampedNewton }).Solve(many, manyLabels, ridge));
        var woodbury = new ArgminOptions { Solver = SolverKind.Newton, Hessian = HessianForm.Woodbury };
        Count("20 samples of 40 features by Woodbury's form", InSpaceOfY, () => new LogisticLayer(woodbury).Solve(few, fewLabels, ridge), isBySearch: true);
        Count("the same by Sherman and Morrison's", InSpaceOfY, () => new LogisticLayer(woodbury with { Hessian = HessianForm.ShermanMorrison }).Solve(few, fewLabels, ridge), isBySearch: true);
        var (single, singleLabels, singleRidge) = (few.detach().to(float32).requires_grad_(), fewLabels.to(float32), ridge.to(float32));
        Count("the same in float32", InSpaceOfY, () => new LogisticLayer(woodbury).Solve(single, singleLabels, singleRidge), isBySearch: true);
        Count("robust regression, whose terms turn negative", InSpaceOfY, () => new RobustRegressionLayer().Solve(few, fewLabels, ridge), isBySearch: true);
        Count("40 samples of 6 features by L-BFGS", InSpaceOfY, () => new LogisticLayer(new() { Solver = SolverKind.Lbfgs }).Solve(many, manyLabels, ridge), isBySearch: true);
    }

    private static Counter? Find(string name)
        => NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), name, out var export) ? Marshal.GetDelegateForFunctionPointer<Counter>(export) : null;

    private static void Count(string name, long around, Func<ArgminResult> solve, bool isBySearch = false)
    {
        // The first call sets libraries up.
        solve();
        var (start, asked) = ((long)CopiesToHost!(), Host.Transfers);
        var result = solve();
        var forward = CopiesToHost() - start;
        asked = Host.Transfers - asked;
        result.Converged.ShouldBeTrue();
        result.Solution.sum().backward();
        var backward = CopiesToHost() - start - forward;
        var iterations = result.Problems.Max(problem => problem.Iterations);
        Console.WriteLine($"        {name}: {iterations} iterations; {forward} transfers forward, {backward} backward");
        // How many trials a search takes, what is counted on the host knows: nothing is copied beside it.
        forward.ShouldBeLessThanOrEqualTo((isBySearch ? asked : iterations) + around, name);
        backward.ShouldBe(0, name);
    }
}
