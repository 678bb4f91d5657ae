using System.Globalization;
using ArgminLayers.Batching;
using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// The test of points that came without a proof: Newton's step from them, <c>d = −H⁻¹∇f</c>, is how far the minimum is away. The norm of the gradient alone would say nothing.
/// </summary>
internal static class Stationarity
{
    /// <summary>Tests every point of a batch.</summary>
    /// <param name="batch">B problems.</param>
    /// <param name="start">Where the solver started, (B, n).</param>
    /// <param name="y">Where it ended, (B, n).</param>
    /// <param name="form">How systems with H are solved, exactly.</param>
    /// <param name="options">The tolerance.</param>
    /// <param name="iterations">The steps that each problem took.</param>
    /// <param name="excuses">What the solver says of a problem that is not stationary.</param>
    public static Minimum Judge(
        ProblemBatch batch, Tensor start, Tensor y, IHessianForm form, ArgminOptions options, IReadOnlyList<int> iterations, IReadOnlyList<ArgminStatus> excuses)
    {
        using var scope = NewDisposeScope();
        var problem = batch.Problem;
        var epsilon = Precision.Of(y.dtype);
        var tolerance = options.StationarityTolerance ?? Math.Sqrt(epsilon);
        var (gradient, first) = (problem.Gradient(y), problem.Gradient(start));
        var factor = form.FactorAtSolution(problem, y);
        var system = new HessianSystem(problem, y, factor.Tensors);
        var step = factor.Form.Solve(system, gradient).X;
        // A solution near zero has no length of its own: there the way from the start is the measure.
        var rows = Host.Rows(RowNorm.Of(gradient), RowNorm.Of(first), RowNorm.Of(step), maximum(RowNorm.Of(y), RowNorm.Of(y.sub(start))), problem.Objective(y).isfinite());
        ProblemReport Report(int i)
        {
            var (norm, distance) = (rows[0][i], rows[2][i] / rows[3][i]);
            var status = SecondOrder.Status(factor.Definiteness[i], factor.Conditions[i] * epsilon);
            if (!double.IsFinite(norm) || rows[4][i] == 0)
            {
                return new(i, excuses[i] == ArgminStatus.Unbounded ? ArgminStatus.Unbounded : ArgminStatus.ObjectiveNotFinite, iterations[i], norm,
                    excuses[i] == ArgminStatus.ObjectiveNotFinite ? NewtonProgress.AtTheStart : null);
            }
            if (norm == 0 || (status == ArgminStatus.Converged ? distance <= tolerance : norm <= tolerance * rows[1][i]))
                return new(i, status, iterations[i], norm);
            return status is ArgminStatus.PrecisionExhausted or ArgminStatus.FormInapplicable
                ? new(i, status, iterations[i], norm)
                : new(i, excuses[i], iterations[i], norm, excuses[i] == ArgminStatus.NotStationary && status == ArgminStatus.Converged
                    ? string.Create(CultureInfo.InvariantCulture, $"Newton's step from it is {distance:g2} of the point, {tolerance:g2} is allowed")
                    : null);
        }
        ProblemReport[] reports = [.. Enumerable.Range(0, (int)batch.Size).Select(Report)];
        return new(y, reports, Factor: factor.MoveToOuter(scope));
    }
}
