using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>
/// The recursion of Sherman and Morrison (Fernando and Gould 2016, Lemma 3), generalised to <c>H = diag(d) + Σₖ wₖ uₖ uₖᵀ</c> with d positive
/// and weights of either sign: O(K n²).
/// </summary>
/// <remarks>
/// <c>H₀⁻¹ = diag(d)⁻¹</c>, <c>Hₖ⁻¹ = Hₖ₋₁⁻¹ − wₖ q qᵀ / (1 + wₖ uₖᵀq)</c>, <c>q = Hₖ₋₁⁻¹ uₖ</c>. Positive terms come first and negative ones last: then every
/// denominator is positive exactly when H is positive definite. A denominator that is not is reported, never divided by.
/// </remarks>
internal sealed class ShermanMorrisonHessian : IHessianForm
{
    public HessianForm Kind => HessianForm.ShermanMorrison;

    public HessianFactor Factor(ArgminProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        var (d, rows, weights) = PositiveBase.Of(problem.Factors(y)!);
        var (batch, n) = (y.size(0), y.size(1));
        weights = weights.expand(batch, -1);
        var inverse = diag_embed(ones_like(d).div(d).expand(batch, n));
        var smallest = ones([batch], dtype: y.dtype, device: y.device);

        var present = Host.Rows(weights.gt(Scalars.Zero).any(0), weights.lt(Scalars.Zero).any(0));
        var positive = weights.clamp_min(Scalars.Zero);
        var negative = weights.clamp_max(Scalars.Zero);
        // wₖ uₖᵀ diag(d)⁻¹ uₖ: what a term is against the base.
        var sizes = (rows * rows / d.unsqueeze(-2)).sum(dim: -1);
        var growth = (positive * sizes).sum(dim: -1).add(Scalars.One, Scalars.One);
        var rounding = growth;
        foreach (var (sign, signed) in new[] { (0, positive), (1, negative) })
        {
            if (sign == 1 && Array.Exists(present[1], static isPresent => isPresent != 0))
                rounding = Rounding(inverse, rows, positive, negative, sizes, growth);
            for (var k = 0; k < weights.size(1); k++)
            {
                if (present[sign][k] == 0)
                    continue;
                using var term = NewDisposeScope();
                smallest = Update(inverse, rows.select(1, k), signed.select(1, k), smallest).MoveToOuterDisposeScope();
            }
        }

        var flags = Host.Rows(d.le(Scalars.Zero).any(-1).expand(batch), inverse.isfinite().all(-1).all(-1), smallest, growth.expand(batch), rounding.expand(batch));
        var precision = Precision.Of(y.dtype) * 8 * Math.Sqrt(weights.size(1));
        var definiteness = flags[2].Select((denominator, b) => Classify(flags[0][b] != 0, flags[1][b] != 0, denominator, precision)).ToArray();
        var conditions = flags[3].Select((whole, b) => Math.Max(whole, flags[4][b] / Math.Min(1, Math.Abs(flags[2][b])))).ToArray();
        return new(this, [inverse.MoveToOuterDisposeScope()], definiteness, conditions);
    }

    public HessianSolution Solve(HessianSystem system, Tensor b)
    {
        using var scope = NewDisposeScope();
        return new(system.Factor[0].matmul(b.unsqueeze(-1)).squeeze(-1).MoveToOuterDisposeScope());
    }

    /// <summary>What rounding makes of a denominator of a negative term, as <see cref="WoodburyHessian"/> has it: M₊⁻¹ s₊ G s₋ = s₊ U H₊⁻¹ Uᵀ s₋.</summary>
    private static Tensor Rounding(Tensor inverse, Tensor rows, Tensor positive, Tensor negative, Tensor sizes, Tensor growth)
    {
        var seen = rows.matmul(inverse).matmul(rows.transpose(-2, -1));
        var lengths = ((seen * seen * positive.unsqueeze(-1)).sum(dim: -2) * negative.neg()).amax([-1]).sqrt();
        return (negative.neg() * sizes).amax([-1]).add(growth * lengths, Scalars.One).add(Scalars.One, Scalars.One);
    }

    /// <summary>Adds w u uᵀ to the matrix whose inverse is given, in place, and returns the smallest denominator so far, (B).</summary>
    private static Tensor Update(Tensor inverse, Tensor u, Tensor w, Tensor smallest)
    {
        var q = inverse.matmul(u.unsqueeze(-1)).squeeze(-1);
        var denominator = (w * (u * q).sum(dim: -1)).add(Scalars.One, Scalars.One);
        var usable = denominator.gt(Scalars.Zero);
        var scale = (w / denominator.where(usable, ones_like(denominator))).where(usable, zeros_like(w));
        inverse.sub_((scale.unsqueeze(-1) * q).unsqueeze(-1) * q.unsqueeze(-2));
        return minimum(smallest, denominator);
    }

    private static Definiteness Classify(bool outside, bool finite, double denominator, double precision)
    {
        if (outside)
            return Definiteness.OutsideForm;
        if (!finite || double.IsNaN(denominator))
            return Definiteness.NotFinite;
        if (denominator > precision)
            return Definiteness.Positive;
        return denominator < -precision ? Definiteness.Indefinite : Definiteness.Singular;
    }
}
