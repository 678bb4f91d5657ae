using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>A step length per problem with enough decrease and a slope that is flat enough to learn from: the weak conditions of Wolfe, by bisection and doubling (Lewis and Overton 2013).</summary>
internal static class WolfeSearch
{
    private const int Trials = 50;

    private static readonly Scalar Sufficient = 1e-4.ToScalar();
    private static readonly Scalar Flatter = 0.9.ToScalar();
    private static readonly Scalar Two = 2.0.ToScalar();

    /// <summary>
    /// The point along a direction, where one was accepted, (B), and where f fell without an end, (B). A problem without an acceptable point stays where it is.
    /// </summary>
    /// <param name="problem">B problems.</param>
    /// <param name="at">The start.</param>
    /// <param name="direction">d, (B, n), with ∇fᵀd &lt; 0.</param>
    /// <param name="evaluate">f and ∇f at a point.</param>
    public static (SearchPoint Next, Tensor Accepted, Tensor Endless) Along(ArgminProblem problem, SearchPoint at, Tensor direction, Func<ArgminProblem, Tensor, SearchPoint> evaluate)
    {
        Tensor SlopeOf(SearchPoint point) => (point.Gradient * direction).sum(dim: -1);
        var slope = SlopeOf(at);
        var slack = at.Value.abs() * Precision.ScalarOf(at.Y.dtype) * Scalars.Four;
        var alpha = ones_like(slope);
        var (low, high) = (zeros_like(slope), full_like(slope, Scalars.Infinity));
        var accepted = zeros_like(slope, dtype: ScalarType.Bool);
        var best = at;
        for (var trial = 0; trial < Trials; trial++)
        {
            var point = evaluate(problem, at.Y.add(alpha.unsqueeze(-1) * direction, Scalars.One));
            var rise = point.Value.sub(at.Value);
            var ahead = SlopeOf(point);
            // Where rounding hides the decrease, the slope still tells it: f falls as long as it is negative.
            var falls = rise.le(alpha * slope * Sufficient).logical_or(rise.abs().le(slack).logical_and(ahead.le(slope.abs() * Flatter)));
            var isFlat = ahead.ge(slope * Flatter);
            // f may fall for ever: what has been reached is kept, and the next step is longer.
            var takes = falls.logical_and(accepted.logical_not());
            best = point.Where(takes.logical_and(point.Gradient.isfinite().all(-1)), best);
            accepted = accepted.logical_or(falls.logical_and(isFlat));
            if (accepted.all().item<bool>())
                break;
            (low, high) = (alpha.where(falls, low), high.where(falls, alpha));
            var wider = alpha * Two;
            alpha = (low.add(high, Scalars.One) * Scalars.Half).where(high.isfinite(), wider).where(accepted.logical_not(), alpha);
        }
        // After as many doublings, every length that the dtype tells apart has been tried.
        return (best, best.Value.lt(at.Value).logical_or(accepted), accepted.logical_not().logical_and(high.isinf()).logical_and(best.Value.lt(at.Value)));
    }
}
