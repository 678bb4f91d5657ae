using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>How the problems of a run of <see cref="SpanNewton"/> ended, from what rounding can do to the solution.</summary>
/// <remarks>
/// Rounding of the predictions, <c>ν = ±ε(|K||a| + |b|)</c>, moves a by <c>δ = −(ρI + φ″K)⁻¹φ″ν</c>, and y by <c>√(δᵀKδ)</c>: beside ‖y‖ that tells a weakly determined
/// solution. What is left of it in a prediction is <c>ν + Kδ = ρ(ρI + Kφ″)⁻¹ν</c>: z's own error, within which a kink cannot be told from its sides.
/// </remarks>
/// <param name="side">The predictors' side.</param>
/// <param name="point">The solution.</param>
/// <param name="y">The solution as y, (B, n).</param>
internal sealed class SpanVerdict(SpanSide side, SpanPoint point, Tensor y)
{
    /// <summary>‖δy‖/‖y‖ above which a solution is weakly determined.</summary>
    private const double WeakSingle = 1e-2;
    private const double WeakDouble = 1e-6;

    /// <summary>The reports of a batch, and the factor at the solution where it is known.</summary>
    /// <param name="residual">ρa + φ′(z), (B, K).</param>
    /// <param name="stiffnessBound">At least ‖φ″K‖∞ ε/ρ, (B).</param>
    /// <param name="progress">How the iteration ended.</param>
    /// <param name="estimateCondition">Whether the condition is reported.</param>
    public (ProblemReport[] Reports, IReadOnlyList<Tensor>? Factor) Reports(Tensor residual, Tensor stiffnessBound, SpanProgress progress, bool estimateCondition)
    {
        var squares = (residual * side.TimesGram(residual)).sum(dim: -1).clamp_min_(Scalars.Zero);
        var nu = side.PredictionScale(point.A) * side.Epsilon;
        var norm = RowNorm.Of(y);
        var none = zeros_like(squares).gt(Scalars.Zero);
        // Most problems are cleared by what ν can do at most, with an error of z below 4ν.
        var moved = point.Curvature.MovedAtMost(side, nu) / norm;
        var nearKink = Kinks.At(side.Problem, point.Z, nu * Scalars.Four) ?? none;
        var rows = Host.Rows(squares.sqrt_(), point.Curvature.IsConcave, stiffnessBound, moved, nearKink);
        var weak = point.A.dtype == ScalarType.Float32 ? WeakSingle : WeakDouble;
        var factor = point.Factor;
        if (Array.Exists(rows[3], size => size > weak) || Array.Exists(rows[4], static flag => flag != 0))
        {
            factor ??= point.Curvature.Factor(side.Gram, side.Rho);
            var (length, own) = Rounding(nu, factor);
            (rows[3], rows[4]) = (Host.Rows(length / norm)[0], Host.Rows(Kinks.At(side.Problem, point.Z, own) ?? none)[0]);
        }
        var errors = Errors(rows[2], nu);
        var conditions = estimateCondition ? Host.Rows(point.Curvature.Condition(side))[0] : null;
        return ([.. rows[0].Select((residualNorm, i) => new ProblemReport(
            i, Status(progress.Status(i), rows[1][i] != 0, errors[i], rows[3][i] > weak, rows[4][i] != 0), progress.Iterations(i), residualNorm, Detail(progress, i))
            { Condition = conditions?[i] })], factor);
    }

    private static string? Detail(SpanProgress progress, int i)
        => progress.Status(i) == ArgminStatus.ObjectiveNotFinite && progress.Iterations(i) == 0 ? NewtonProgress.AtTheStart : null;

    /// <summary>‖δy‖, (B), and the error of every prediction, (B, K), for predictions that are wrong by ν.</summary>
    private (Tensor Moved, Tensor Error) Rounding(Tensor size, IReadOnlyList<Tensor> factor)
    {
        var (moved, own) = point.Curvature.Moved(side, factor, size.unsqueeze(-1) * SignPatterns.Of(size));
        return (moved.amax([-1]), own.abs().amax([-1]).add(point.Z.abs() * side.Epsilon, Scalars.One));
    }

    /// <summary>
    /// The relative errors that rounding may have brought where ρ is small beside φ″K: those of the system's own condition, which is far below ‖φ″K‖/ρ where K tells
    /// the predictors apart, but ‖φ″K‖∞ε/ρ where the rounding of z hides which piece of φ a predictor is on.
    /// </summary>
    private double[] Errors(double[] bounds, Tensor nu)
    {
        static bool AreLarge(double[] errors) => Array.Exists(errors, static error => !(error <= Precision.Exhausted));
        if (!AreLarge(bounds))
            return bounds;
        var stiffness = point.Curvature.Stiffness(side);
        var values = Host.Rows(stiffness)[0];
        // Where A's rows span all of y's space, λ is in it too: (g − Aᵀh)/ρ cancels to the part ρ/‖sKs‖, whatever M's condition.
        if (!AreLarge(values) || side.Gram.size(-1) >= y.size(-1))
            return values;
        var error = point.Curvature.Condition(side) * side.Epsilon;
        if (side.Problem.PhiPieces(point.Z.add(nu, Scalars.One)) is { } above)
        {
            var isCertain = above.eq(side.Problem.PhiPieces(point.Z.sub(nu))!).flatten(1).all(1);
            error = error.where(isCertain, maximum(error, stiffness));
        }
        return Host.Rows(error)[0];
    }

    // φ that curves downwards at the solution has no √φ″, so what rests on it would be wrong.
    private static ArgminStatus Status(ArgminStatus status, bool concave, double error, bool isWeak, bool isOnKink)
    {
        if (status == ArgminStatus.Converged && concave)
            return ArgminStatus.FormInapplicable;
        if (status is ArgminStatus.Converged or ArgminStatus.IterationLimit or ArgminStatus.LineSearchFailed && !(error <= Precision.Exhausted))
            return ArgminStatus.PrecisionExhausted;
        if (status != ArgminStatus.Converged)
            return status;
        if (isWeak)
            return ArgminStatus.WeaklyDetermined;
        return isOnKink ? ArgminStatus.OnAKink : ArgminStatus.Converged;
    }
}
