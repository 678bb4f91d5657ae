using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>Step lengths α = 1, ½, ¼, … per problem, each with a guaranteed decrease.</summary>
internal static class LineSearch
{
    /// <summary>2⁻⁴⁰ is below what any step can use in float32, and close to it in float64.</summary>
    private const int Halvings = 40;

    private static readonly Scalar Fraction = 0.1.ToScalar();
    private static readonly Scalar Sufficient = 1e-4.ToScalar();
    private static readonly Scalar Flatter = 0.9.ToScalar();

    /// <summary>
    /// For convex f, from directional derivatives alone. With <c>g(α) = ∇f(y + αd)ᵀd</c>, which does not decrease in α, the upper sum
    /// <c>f(y + αd) − f(y) ≤ (α/2)(g(α/2) + g(α))</c> certifies Armijo's decrease where <c>g(α/2) + g(α) ≤ g(0)/10</c>.
    /// </summary>
    /// <remarks>Values of f would reject good steps close to the solution, where their rounding hides the decrease.</remarks>
    /// <param name="slopeAt">g at step lengths (B).</param>
    /// <param name="slope">g(0), (B).</param>
    /// <param name="slack">The rounding of g, (B): what cannot be told from a decrease.</param>
    /// <param name="skip">Problems that take the full step unseen, (B).</param>
    /// <returns>α, (B), and whether it was accepted, (B).</returns>
    public static (Tensor Alpha, Tensor Accepted) Convex(Func<Tensor, Tensor> slopeAt, Tensor slope, Tensor slack, Tensor skip)
    {
        var bound = (slope * Fraction).add(slack, Scalars.One);
        var alpha = ones_like(slope);
        var accepted = skip;
        var full = slopeAt(alpha);
        for (var halving = 0; ; halving++)
        {
            var half = slopeAt(alpha * Scalars.Half);
            accepted = accepted.logical_or(full.add(half, Scalars.One).le(bound));
            if (halving == Halvings || accepted.all().item<bool>())
                return (alpha, accepted);
            alpha = alpha.where(accepted, alpha * Scalars.Half);
            full = full.where(accepted, half);
        }
    }

    /// <summary>
    /// For any f: Armijo's condition on values, or, where rounding hides the decrease, a slope that is flatter than the one at the start.
    /// </summary>
    /// <param name="valueAt">f at step lengths (B).</param>
    /// <param name="slopeAt">g at step lengths (B).</param>
    /// <param name="value">f at the start, (B).</param>
    /// <param name="slope">g(0), (B).</param>
    /// <param name="slack">The rounding of f, (B).</param>
    /// <param name="skip">Problems that take the full step unseen, (B).</param>
    /// <returns>α, (B), and whether it was accepted, (B).</returns>
    public static (Tensor Alpha, Tensor Accepted) General(
        Func<Tensor, Tensor> valueAt, Func<Tensor, Tensor> slopeAt, Tensor value, Tensor slope, Tensor slack, Tensor skip)
    {
        var alpha = ones_like(slope);
        var accepted = skip;
        for (var halving = 0; ; halving++)
        {
            var rise = valueAt(alpha).sub(value);
            var decreased = rise.le(alpha * slope * Sufficient);
            var level = rise.abs().le(slack).logical_and(slopeAt(alpha).abs().le(slope.abs() * Flatter));
            accepted = accepted.logical_or(decreased).logical_or(level);
            if (halving == Halvings || accepted.all().item<bool>())
                return (alpha, accepted);
            alpha = alpha.where(accepted, alpha * Scalars.Half);
        }
    }
}
