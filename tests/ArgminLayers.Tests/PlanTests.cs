using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>
/// The low-rank forms look once a run at the signs of <c>diag(d) + Uᵀ diag(w) U</c>. Where one changes on the way, the plan that was made of them is made again: objectives whose signs at the
/// start and at the solution are known.
/// </summary>
public class PlanTests
{
    public static TheoryData<SolverKind, HessianForm> Runs
    {
        get
        {
            var runs = new TheoryData<SolverKind, HessianForm>();
            foreach (var solver in new[] { SolverKind.Newton, SolverKind.DampedNewton })
            {
                foreach (var form in new[] { HessianForm.Auto, HessianForm.Woodbury, HessianForm.ShermanMorrison, HessianForm.Cholesky })
                    runs.Add(solver, form);
            }
            return runs;
        }
    }

    /// <summary>Three samples at 0.9 and one at −0.9, all residuals within 1 at the start: y goes to the three, and the fourth is left behind with negative curvature.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void AWeightTurnsNegative(SolverKind solver, HessianForm form)
    {
        using var scope = NewDisposeScope();
        var x = zeros(4, 6, dtype: float64);
        x.select(1, 0).fill_(1.0);
        // The second problem is the first one turned over.
        var t = tensor(new[] { 0.9, 0.9, 0.9, -0.9 });
        ArgminResult Solved(HessianForm with) => new RobustRegressionLayer(new() { Solver = solver, Hessian = with }).Solve(x, stack([t, -t], 0), tensor(1e-3), start: zeros(6, dtype: float64));
        var result = Solved(form);
        result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Converged);
        // Without the negative term the steps would still lead there, but not as Newton's.
        result.Problems[0].Iterations.ShouldBe(Solved(HessianForm.Cholesky).Problems[0].Iterations);
        var root = Root(y => (3 * (y - 0.9) * Math.Exp(-0.5 * (y - 0.9) * (y - 0.9))) + ((y + 0.9) * Math.Exp(-0.5 * (y + 0.9) * (y + 0.9))) + (1e-3 * y), 0.5, 0.9);
        Compare.Close(result.Solution, [root, 0, 0, 0, 0, 0, -root, 0, 0, 0, 0, 0], 1e-12);
    }

    /// <summary>A residual draws the first element from 3, where its own curvature is 26, to the top between its wells, where it is −1; the others roll into their well.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void AnElementLosesItsOwnCurvature(SolverKind solver, HessianForm form)
    {
        using var scope = NewDisposeScope();
        var v = zeros(2, 1, 5, dtype: float64);
        v.select(2, 0).fill_(1.0);
        var result = new WellsLayer(new() { Solver = solver, Hessian = form }).Solve(v, full([2, 1], 0.1, dtype: float64), tensor(new[] { 10.0, 20 }), start: full(5, 3, dtype: float64));
        result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Converged);
        double First(double c) => Root(y => (y * y * y) - y + (c * (y - 0.1)), 0, 0.5);
        Compare.Close(result.Solution, [First(10), 1, 1, 1, 1, First(20), 1, 1, 1, 1], 1e-12);
    }

    /// <summary>Where a function that rises crosses 0.</summary>
    private static double Root(Func<double, double> function, double low, double high)
    {
        for (var step = 0; step < 100; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = function(middle) < 0 ? (middle, high) : (low, middle);
        }
        return low;
    }
}
