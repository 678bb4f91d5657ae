using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// A step length per problem with enough decrease and a slope that is flat enough to learn from: the weak conditions of Wolfe, by bisection and doubling (Lewis and Overton 2013),
/// one trial at a time.
/// </summary>
/// <remarks>
/// With g(α) the slope at α, a fall of <c>c₁ α g(0)</c> is enough. Where f changes by less than half of its digits, values no longer tell a fall: between slopes f is then as good as
/// quadratic, which makes that condition <c>g(α) ≤ −(1 − 2c₁) g(0)</c>, the approximate one of Hager and Zhang (2005), and slopes keep the digits that values have lost.
/// A problem without an acceptable point stays where it is.
/// </remarks>
internal sealed class WolfeSearch
{
    /// <summary>The most trials that make sense: after as many doublings every length that the dtype tells apart has been tried.</summary>
    public const int MostTrials = 50;

    private static readonly Scalar Sufficient = 1e-4.ToScalar();
    private static readonly Scalar Flatter = 0.9.ToScalar();

    private readonly ArgminProblem problem;
    private readonly SearchPoint at;
    private readonly Tensor direction;
    private readonly Tensor slope;
    private readonly Tensor slack;
    private Tensor alpha;
    private Tensor low;
    private Tensor last;

    /// <summary>Starts at the full step. Every tensor lives in the caller's scope.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="at">The start.</param>
    /// <param name="direction">d, (B, n), with ∇fᵀd &lt; 0.</param>
    public WolfeSearch(ArgminProblem problem, SearchPoint at, Tensor direction)
    {
        (this.problem, this.at, this.direction) = (problem, at, direction);
        slope = SlopeOf(at);
        slack = at.Value.abs() * Precision.RootOf(at.Y.dtype);
        (alpha, low, TooLong) = (ones_like(slope), zeros_like(slope), full_like(slope, Scalars.Infinity));
        IsOver = IsSatisfied = zeros_like(slope, dtype: ScalarType.Bool);
        (Best, last) = (at, at.Y);
    }

    /// <summary>The point found so far.</summary>
    public SearchPoint Best { get; private set; }

    /// <summary>Where both conditions hold, (B).</summary>
    public Tensor IsSatisfied { get; private set; }

    /// <summary>Where there is nothing more to try, (B): both conditions hold, or shorter steps no longer move y.</summary>
    public Tensor IsOver { get; private set; }

    /// <summary>A length that is known to be too long, (B); infinite where f has fallen without an end so far.</summary>
    public Tensor TooLong { get; private set; }

    /// <summary>Evaluates f and ∇f once more, where the last trial did not satisfy.</summary>
    public void Try()
    {
        var point = SearchPoint.At(problem, at.Y.add(alpha.unsqueeze(-1) * direction, Scalars.One));
        var rise = point.Value.sub(at.Value);
        var ahead = SlopeOf(point);
        var falls = rise.le(alpha * slope * Sufficient).logical_or(rise.abs().le(slack).logical_and(ahead.le(slope.abs() * Flatter)));
        var isFlat = ahead.ge(slope * Flatter);
        // f may fall for ever: what has been reached is kept, and the next step is longer.
        var takes = falls.logical_and(IsSatisfied.logical_not());
        Best = point.Where(takes.logical_and(point.Gradient.isfinite().all(-1)), Best);
        IsSatisfied = IsSatisfied.logical_or(falls.logical_and(isFlat));
        (low, TooLong) = (alpha.where(falls, low), TooLong.where(falls, alpha));
        (IsOver, last) = (IsSatisfied.logical_or(point.Y.eq(last).all(-1).logical_and(TooLong.isfinite())), point.Y);
        alpha = (low.add(TooLong, Scalars.One) * Scalars.Half).where(TooLong.isfinite(), alpha * Scalars.Two).where(IsSatisfied.logical_not(), alpha);
    }

    private Tensor SlopeOf(SearchPoint point) => (point.Gradient * direction).sum(dim: -1);
}
