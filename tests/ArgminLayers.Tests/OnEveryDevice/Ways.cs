using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>Every way to the solution of a problem and back from it.</summary>
internal static class Ways
{
    /// <summary>Every form of the Hessian that applies with every solver that applies, in both dtypes: solutions and gradients are those of the reference, on the device and in the dtype.</summary>
    public static void Check(TestProblem problem, string device)
    {
        var reference = Reference.Of(problem);
        foreach (var dtype in new[] { ScalarType.Float64, ScalarType.Float32 })
        {
            foreach (var form in problem.Info.HessianForms)
            {
                foreach (var solver in problem.Solvers)
                    Check(problem, reference, new() { Hessian = form, Solver = solver }, device, dtype);
            }
        }
    }

    private static void Check(TestProblem problem, Reference reference, ArgminOptions options, string device, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var what = $"{problem.Info.Name}, {options.Solver} with {options.Hessian}, {dtype}";
        var start = problem.Start;
        // L-BFGS takes many steps, and meets the form where they end: once it goes there, otherwise it is put there. It is not left to see that nothing more can be gained, which takes it longest.
        if (options.Solver == SolverKind.Lbfgs)
            (start, options) = options.Hessian == HessianForm.Auto && dtype == ScalarType.Float64 ? (start, options with { MaxIterations = 60 }) : (reference.Y, options with { MaxIterations = 3 });
        var (result, leaves) = problem.Solve(options, start, device, dtype);
        result.Problems.ShouldAllBe(report => report.Status == ArgminStatus.Converged, what);
        if (options.Hessian != HessianForm.Auto)
            result.Problems.ShouldAllBe(report => report.Hessian == options.Hessian, what);
        result.Solution.backward([reference.Direction.to(dtype).to(device)]);
        result.Backward.Failure.ShouldBeNull(what);
        // L-BFGS ends where Newton's step is √ε of the point.
        var tolerance = (dtype, options.Solver) switch
        {
            (ScalarType.Float32, SolverKind.Lbfgs) => 1e-3,
            (ScalarType.Float32, _) => 1e-4,
            (_, SolverKind.Lbfgs) => 1e-6,
            _ => 1e-8,
        };
        Close(result.Solution, reference.Y, $"y of {what}");
        var gradients = options.Hessian == HessianForm.Diagonal ? reference.Diagonal : reference.Exact;
        for (var k = 0; k < gradients.Length; k++)
            Close(leaves[k].grad!, gradients[k], $"∂L/∂{problem.Info.Inputs[k].Name} of {what}");

        void Close(Tensor actual, Tensor expected, string name)
        {
            actual.ShouldBeOn(device, dtype, name);
            actual.shape.ShouldBe(expected.shape, name);
            Compare.RelativeError(actual, expected).ShouldBeLessThanOrEqualTo(tolerance, name);
        }
    }
}
