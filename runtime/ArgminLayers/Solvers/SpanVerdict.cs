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

    /// <summary>y's square above which its elements' have not underflowed.</summary>
    private const double SafeSingle = 1e-30;
    private const double SafeDouble = 1e-290;

    private double WeakSize => IsSingle ? WeakSingle : WeakDouble;

    private bool IsSingle => point.A.dtype == ScalarType.Float32;

    /// <summary>The reports of a batch, and the factor at the solution where it is known.</summary>
    /// <param name="residual">ρa + φ′(z), (B, K).</param>
    /// <param name="progress">How the iteration ended.</param>
    /// <param name="estimateCondition">Whether the condition is reported.</param>
    public (ProblemReport[] Reports, IReadOnlyList<Tensor>? Factor) Reports(Tensor residual, SpanProgress progress, bool estimateCondition)
    {
        var scale = side.PredictionScale(point.A.abs());
        var columns = new List<Tensor>
        {
            BatchedProducts.Dot(residual, side.TimesGram(residual)), point.Curvature.Least, point.Curvature.StiffnessBound(side),
            point.Curvature.SquareMovedAtMost(scale), BatchedProducts.Dot(y, y), side.Rho,
        };
        if (CrossesAt(scale) is { } crosses)
            columns.Add(crosses);
        var read = Host.Columns(columns);
        var (isWeak, isOnKink) = (new bool[read[0].Length], new bool[read[0].Length]);
        var factor = point.Factor;
        // Most problems are cleared by what ν can do at most, with an error of z below 4ν.
        if (Enumerable.Range(0, isWeak.Length).Any(i => !IsDetermined(read[3][i], read[4][i], read[5][i]) || (columns.Count > 6 && read[6][i] != 0)))
            (isWeak, isOnKink, factor) = LookClosely(scale * side.Epsilon);
        var errors = Errors(read[2], scale);
        var conditions = estimateCondition ? Host.Rows(point.Curvature.Condition(side))[0] : null;
        return ([.. read[0].Select((square, i) => new ProblemReport(
            i, Status(progress.Status(i), read[1][i] < 0, errors[i], isWeak[i], isOnKink[i]), progress.Iterations(i), Math.Sqrt(Math.Max(square, 0)), Detail(progress, i))
            { Condition = conditions?[i] })], factor);
    }

    /// <summary>Whether ‖δy‖ is small beside ‖y‖ for sure, from <c>‖δy‖ ≤ √(νᵀ|φ″|ν) / (2√ρ)</c>.</summary>
    /// <param name="square">νᵀ|φ″|ν/ε².</param>
    /// <param name="norm">‖y‖².</param>
    /// <param name="rho">ρ.</param>
    private bool IsDetermined(double square, double norm, double rho)
        => norm > (IsSingle ? SafeSingle : SafeDouble) && double.IsFinite(norm) && Math.Sqrt(square / rho / norm) * Precision.Of(point.A.dtype) / 2 <= WeakSize;

    /// <summary>Where some prediction may be on a kink, (B, 1), as far as its pieces within 4ν tell; null where φ has none.</summary>
    private Tensor? CrossesAt(Tensor scale)
    {
        // Both sides as two batches in one, (2, B, K).
        var signs = arange(Scalars.MinusOne, Scalars.Two, Scalars.Two, dtype: scale.dtype, device: scale.device).reshape(2, 1, 1);
        var pieces = side.Problem.PhiPieces(point.Z.addcmul(scale, signs, Precision.FourOf(scale.dtype)));
        return pieces is null ? null : pieces[0].ne(pieces[1]).flatten(1).any(1, keepdim: true);
    }

    /// <summary>Which problems are weakly determined and which on a kink, from the rounding of their predictions, and the factor that this takes.</summary>
    private (bool[] IsWeak, bool[] IsOnKink, IReadOnlyList<Tensor>? Factor) LookClosely(Tensor nu)
    {
        var norm = RowNorm.Of(y);
        var none = zeros_like(norm).gt(Scalars.Zero);
        var unit = nu.amax([-1], true).clamp_min(Precision.SmallestOf(nu.dtype));
        var atMost = (point.Curvature.SquareMovedAtMost(nu / unit).div(side.Rho).sqrt() * unit * Scalars.Half).squeeze(-1) / norm;
        var nearKink = Kinks.At(side.Problem, point.Z, nu * Scalars.Four) ?? none;
        var rows = Host.Rows(atMost, nearKink);
        var factor = point.Factor;
        if (Array.Exists(rows[0], size => size > WeakSize) || Array.Exists(rows[1], static flag => flag != 0))
        {
            factor ??= point.Curvature.Factor(side.Gram, side.Rho);
            var (length, own) = Rounding(nu, factor);
            (rows[0], rows[1]) = (Host.Rows(length / norm)[0], Host.Rows(Kinks.At(side.Problem, point.Z, own) ?? none)[0]);
        }
        return ([.. rows[0].Select(size => size > WeakSize)], [.. rows[1].Select(static flag => flag != 0)], factor);
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
    private double[] Errors(double[] bounds, Tensor scale)
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
        var nu = scale * side.Epsilon;
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
