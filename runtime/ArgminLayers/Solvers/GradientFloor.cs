using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// How short a gradient can become: what ∇f changes by when y moves by its own spacing, ‖∇f(y + δ) − ∇f(y)‖ with |δᵢ| = ε|yᵢ|. No y that the dtype holds is known to be better than one
/// whose gradient is that short, whatever the condition κ of H, which makes an error of κε of it in y.
/// </summary>
internal static class GradientFloor
{
    /// <summary>How many times longer than one such change a gradient may be that is all rounding: 2 was the most seen, 1e7 the least of one that was not.</summary>
    private const double Most = 8;

    private static readonly Scalar Wave = 12.9898.ToScalar();

    /// <summary>The change, (B), for one δ.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The point, (B, n).</param>
    /// <param name="gradient">∇f there, (B, n).</param>
    public static Tensor Change(ArgminProblem problem, Tensor y, Tensor gradient)
    {
        // Signs without a pattern that H could cancel, the same on every machine.
        var signs = (ones_like(y).cumsum(-1).sqrt() * Wave).cos().sign();
        return RowNorm.Of(problem.Gradient(y.add(y * signs * Precision.ScalarOf(y.dtype), Scalars.One)).sub(gradient));
    }

    /// <summary>Whether a gradient stands at its floor.</summary>
    /// <param name="gradientNorm">‖∇f‖.</param>
    /// <param name="change">What it changes by.</param>
    public static bool IsReached(double gradientNorm, double change) => gradientNorm <= Most * change;
}
