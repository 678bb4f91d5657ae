using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>Step lengths α ∈ (0, 1] per problem, each with a guaranteed decrease.</summary>
internal static class LineSearch
{
    /// <summary>Every second trial at least halves the bracket's larger part; 60 exhaust float64.</summary>
    private const int Trials = 60;

    /// <summary>The part of g(0) that half the sum of g(½) and g(1) must stay below, and g at the end of a search.</summary>
    private const double FlatPart = 0.1;

    private static readonly Scalar Flat = FlatPart.ToScalar();
    private static readonly Scalar Sufficient = 1e-4.ToScalar();
    private static readonly Scalar Flatter = 0.9.ToScalar();
    private static readonly Scalar NearEnd = 0.1.ToScalar();
    private static readonly Scalar FarEnd = 0.9.ToScalar();

    /// <summary>
    /// For convex f, from directional derivatives <c>g(α) = ∇f(y + αd)ᵀd</c> alone, which do not decrease in α. The full step is taken where the upper sum
    /// <c>f(y + d) − f(y) ≤ ½(g(½) + g(1))</c> certifies a decrease; elsewhere α is closed in on the root of g, from the side where f still falls.
    /// </summary>
    /// <remarks>
    /// Values of f would reject good steps close to the solution, where rounding hides the decrease. Going to the root, not just back from 1, matters for
    /// stiff piecewise objectives: they have a kink at every small step, and a search that only backtracks crawls from one to the next.
    /// </remarks>
    /// <param name="slopeAt">g at step lengths (B).</param>
    /// <param name="slope">g(0), (B).</param>
    /// <param name="slopeEnd">g(1), (B).</param>
    /// <param name="slack">The rounding of g, (B): what cannot be told from a decrease.</param>
    /// <param name="whole">Problems that take the full step, (B).</param>
    public static StepLengths Convex(Func<Tensor, Tensor> slopeAt, Tensor slope, Tensor slopeEnd, Tensor slack, Tensor whole)
    {
        var one = ones_like(slope);
        var (low, high) = (zeros_like(slope), one);
        var (slopeLow, slopeHigh) = (slope, slopeEnd);
        var flat = (slope * Flat).sub(slack);
        for (var trial = 1; ; trial++)
        {
            // The secant's root, or the middle where an end is not finite; kept off the ends, or the bracket would shrink from one side only.
            var root = slopeLow / slopeLow.sub(slopeHigh);
            var part = root.where(root.isfinite(), one * Scalars.Half).clamp(NearEnd, FarEnd);
            var middle = low.add(part * high.sub(low), Scalars.One);
            var slopeMiddle = slopeAt(middle);
            var falls = slopeMiddle.le(Scalars.Zero);
            (low, high) = (middle.where(falls, low), high.where(falls, middle));
            (slopeLow, slopeHigh) = (slopeMiddle.where(falls, slopeLow), slopeHigh.where(falls, slopeMiddle));
            var found = StepLengths.Read(whole.logical_or(slopeLow.ge(flat)), one.where(whole, low), whole.logical_or(low.gt(Scalars.Zero)));
            if (found.AreAllFound || trial == Trials)
                return found;
        }
    }

    /// <summary>Whether <see cref="Convex"/> takes the full step, (B).</summary>
    /// <param name="slopeMiddle">g(½), (B).</param>
    /// <param name="slopeEnd">g(1), (B).</param>
    /// <param name="slope">g(0), (B).</param>
    /// <param name="slack">The rounding of g, (B): what cannot be told from a decrease.</param>
    public static Tensor TakesFullStep(Tensor slopeMiddle, Tensor slopeEnd, Tensor slope, Tensor slack)
    {
        var part = slope * Flat;
        return slopeMiddle.add(slopeEnd, Scalars.One).le(part.add(slack, Scalars.One)).logical_or(slope.ge(part.sub(slack)));
    }

    /// <summary>The same where rounding need not be allowed for.</summary>
    /// <param name="sum">g(½) + g(1).</param>
    /// <param name="slope">g(0).</param>
    public static bool IsSteep(double sum, double slope) => sum <= FlatPart * slope;

    /// <summary>
    /// For any f, backtracking: Armijo's condition on values, or, where rounding hides the decrease, a slope that is flatter than the one at the start.
    /// </summary>
    /// <param name="valueAt">f at step lengths (B).</param>
    /// <param name="slopeAt">g at step lengths (B).</param>
    /// <param name="value">f at the start, (B).</param>
    /// <param name="slope">g(0), (B).</param>
    /// <param name="slack">The rounding of f, (B).</param>
    /// <param name="whole">Problems that take the full step, (B); the others are known not to.</param>
    public static StepLengths General(Func<Tensor, Tensor> valueAt, Func<Tensor, Tensor> slopeAt, Tensor value, Tensor slope, Tensor slack, Tensor whole)
    {
        var alpha = ones_like(slope);
        var accepted = whole;
        for (var trial = 1; ; trial++)
        {
            alpha = alpha.where(accepted, alpha * Scalars.Half);
            accepted = accepted.logical_or(Accepts(valueAt(alpha).sub(value), slopeAt(alpha), alpha * slope, slope, slack));
            var found = StepLengths.Read(accepted, alpha, accepted);
            if (found.AreAllFound || trial == Trials)
                return found;
        }
    }

    /// <summary>Whether <see cref="General"/> takes a step, (B).</summary>
    /// <param name="rise">f at its end beyond f at its start, (B).</param>
    /// <param name="slopeEnd">g at its end, (B).</param>
    /// <param name="linear">α g(0), (B).</param>
    /// <param name="slope">g(0), (B).</param>
    /// <param name="slack">The rounding of f, (B).</param>
    public static Tensor Accepts(Tensor rise, Tensor slopeEnd, Tensor linear, Tensor slope, Tensor slack)
    {
        var level = rise.abs().le(slack).logical_and(slopeEnd.abs().le(slope.abs() * Flatter));
        return rise.le(linear * Sufficient).logical_or(level);
    }
}

/// <summary>What a line search found, one entry a problem.</summary>
/// <param name="AreAllFound">Whether every problem has a step length, or none to hope for.</param>
/// <param name="Lengths">α; without meaning where none was accepted.</param>
/// <param name="AreAccepted">Whether f falls along all of it.</param>
internal sealed record StepLengths(bool AreAllFound, double[] Lengths, bool[] AreAccepted)
{
    /// <summary>α where it was accepted, else 0.</summary>
    public double[] Taken => [.. Lengths.Zip(AreAccepted, static (length, isAccepted) => isAccepted ? length : 0)];

    /// <summary>Reads them together with the question whether the search is over, in one transfer a trial.</summary>
    public static StepLengths Read(Tensor found, Tensor alpha, Tensor accepted)
    {
        var rows = Host.Rows(found, alpha, accepted);
        return new(Array.TrueForAll(rows[0], static flag => flag != 0), rows[1], [.. rows[2].Select(static flag => flag != 0)]);
    }
}
