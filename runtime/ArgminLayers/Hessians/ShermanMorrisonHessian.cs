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

    public FactorPlan Plan(ArgminProblem problem, Tensor y) => LowRankTerms.Plan(this, problem, y);

    public PendingFactor Prepare(ArgminProblem problem, Tensor y, FactorPlan plan)
    {
        using var scope = NewDisposeScope();
        var (terms, factors) = (plan.Terms!, problem.Factors(y)!);
        var areExceeded = terms.AreExceeded(factors);
        var (d, rows, weights) = terms.WithPositiveBase(factors);
        var (batch, n) = (y.size(0), y.size(1));
        weights = weights.expand(batch, -1);
        var inverse = diag_embed(ones_like(d).div(d).expand(batch, n));
        var smallest = ones([batch], dtype: y.dtype, device: y.device);

        var positive = weights.clamp_min(Scalars.Zero);
        // wₖ uₖᵀ diag(d)⁻¹ uₖ: what a term is against the base.
        var sizes = (rows * rows / d.unsqueeze(-2)).sum(dim: -1);
        var growth = (positive * sizes).sum(dim: -1).add(Scalars.One, Scalars.One);
        smallest = Update(inverse, rows, positive, smallest);
        var rounding = growth;
        if (terms.HasNegative)
        {
            var negative = weights.clamp_max(Scalars.Zero);
            rounding = Rounding(inverse, rows, positive, negative, sizes, growth);
            smallest = Update(inverse, rows, negative, smallest);
        }

        Tensor[] questions = [.. new[] { areExceeded, d.le(Scalars.Zero).any(-1), inverse.isfinite().all(-1).all(-1), smallest, growth, rounding }
            .Select(question => question.expand(batch).MoveToOuterDisposeScope())];
        inverse.MoveToOuterDisposeScope();
        return new(this, [inverse], questions, flags =>
        {
            if (Array.Exists(flags[0], static isExceeded => isExceeded != 0))
                return null;
            var epsilon = Precision.Of(y.dtype);
            var definiteness = flags[3].Select((denominator, b) => Classify(flags[1][b] != 0, flags[2][b] != 0, denominator, epsilon)).ToArray();
            double Loss(int b) => LowRankTerms.MostSeen * Math.Max(flags[4][b], flags[5][b] / Math.Min(1, Math.Abs(flags[3][b])));
            var found = new HessianFactor(this, [inverse], definiteness, [.. definiteness.Select((_, b) => Loss(b))]);
            return found with { Sharper = () => LowRankTerms.Sharpened(found, problem, y), IsOpen = found.MayBeExhausted(1, epsilon) };
        });
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

    /// <summary>Adds Σ wₖ uₖ uₖᵀ to the matrix whose inverse is given, in place, and returns the smallest denominator so far, (B). A term of weight 0 changes nothing.</summary>
    private static Tensor Update(Tensor inverse, Tensor rows, Tensor weights, Tensor smallest)
    {
        for (var k = 0; k < weights.size(1); k++)
        {
            using var term = NewDisposeScope();
            var (u, w) = (rows.select(1, k), weights.select(1, k));
            var q = inverse.matmul(u.unsqueeze(-1)).squeeze(-1);
            var denominator = (w * (u * q).sum(dim: -1)).add(Scalars.One, Scalars.One);
            var usable = denominator.gt(Scalars.Zero);
            var scale = (w / denominator.where(usable, ones_like(denominator))).where(usable, zeros_like(w));
            inverse.sub_((scale.unsqueeze(-1) * q).unsqueeze(-1) * q.unsqueeze(-2));
            smallest = minimum(smallest, denominator).MoveToOuterDisposeScope();
        }
        return smallest;
    }

    private static Definiteness Classify(bool outside, bool finite, double denominator, double epsilon)
    {
        if (outside)
            return Definiteness.OutsideForm;
        return finite && !double.IsNaN(denominator) ? LowRankTerms.Classify(denominator, epsilon) : Definiteness.NotFinite;
    }
}
