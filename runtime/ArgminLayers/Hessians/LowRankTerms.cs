using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>
/// What the low-rank forms have to know of <c>H = diag(d) + Uᵀ diag(w) U</c> before they begin: where a positive base has to be made first, since an unregularised bias has dⱼ = 0 though H is
/// regular, and whether there are negative terms, which come last.
/// </summary>
/// <remarks>
/// Where dⱼ ≤ 0, the base gets <c>δⱼ = |dⱼ| + Σₖ |wₖ| uₖⱼ²</c> and the low-rank part the term <c>−(δⱼ − dⱼ) eⱼeⱼᵀ</c>, so that H stays what it is. δⱼ has the size of Hⱼⱼ: taking it away again
/// costs no digits where H is regular.
/// </remarks>
/// <param name="HasBase">False where d is one number that is not positive in some problem, so that no part of the base is.</param>
/// <param name="Lifted">The elements of d that are not positive in some problem.</param>
/// <param name="HasNegative">Whether some weight is negative in some problem, those of lifted elements counted.</param>
internal sealed record LowRankTerms(bool HasBase, int[] Lifted, bool HasNegative)
{
    /// <summary>How many ε a number may have that is 0 but for rounding.</summary>
    private const double Rounding = 8;

    /// <summary>The most of the bounds of what a form loses that rounding was seen to take, where they are much larger than κ of H.</summary>
    public const double MostSeen = 0.25;

    /// <summary>The plan of a low-rank form from the factors at a point, in one transfer.</summary>
    public static FactorPlan Plan(IHessianForm form, ArgminProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        return new(form, Of(problem.Factors(y)!));
    }

    /// <summary>Looks at the factors of B problems, in one transfer.</summary>
    public static LowRankTerms Of(HessianFactors factors)
    {
        using var scope = NewDisposeScope();
        var isNegative = factors.Weights.lt(Scalars.Zero).any().reshape(1);
        var flags = Host.Booleans(cat([factors.Diagonal.le(Scalars.Zero).any(0), isNegative]));
        int[] missing = [.. Enumerable.Range(0, flags.Length - 1).Where(j => flags[j])];
        var isOneNumber = factors.Diagonal.size(-1) == 1 && factors.Rows.size(-1) > 1;
        return isOneNumber ? new(missing.Length == 0, [], flags[^1]) : new(true, missing, flags[^1] || missing.Length > 0);
    }

    /// <summary>Whether factors have, in some problem, what these have not, (B or 1).</summary>
    public Tensor AreExceeded(HessianFactors factors)
    {
        using var scope = NewDisposeScope();
        var (d, _, weights) = factors;
        var others = Lifted.Length == 0 ? d : d.index_fill(-1, Host.Indices(Lifted, d.device), Scalars.One);
        var missing = others.le(Scalars.Zero).any(-1);
        var exceeded = HasBase ? missing : zeros_like(missing);
        return (HasNegative ? exceeded : exceeded.logical_or(weights.lt(Scalars.Zero).any(-1))).MoveToOuterDisposeScope();
    }

    /// <summary>The same Hessian with a positive base, its new tensors in the caller's scope.</summary>
    public HessianFactors WithPositiveBase(HessianFactors factors)
    {
        if (Lifted.Length == 0)
            return factors;
        using var scope = NewDisposeScope();
        var (d, rows, weights) = factors;
        var n = rows.size(-1);
        var indices = Host.Indices(Lifted, d.device);
        var size = d.abs().add((weights.abs().unsqueeze(-1) * rows * rows).sum(dim: -2), Scalars.One);
        var isMissing = d.le(Scalars.Zero);
        var delta = size.where(size.gt(Scalars.Zero), ones_like(size));
        var lift = delta.sub(d).where(isMissing, zeros_like(delta)).index_select(-1, indices);
        var units = zeros([Lifted.Length, n], dtype: d.dtype, device: d.device)
            .scatter_(1, indices.unsqueeze(-1), ones([Lifted.Length, 1], dtype: d.dtype, device: d.device));
        var batch = Math.Max(weights.size(0), lift.size(0));
        return new(
            delta.where(isMissing, d).MoveToOuterDisposeScope(),
            cat([rows, units.unsqueeze(0).expand(rows.size(0), -1, -1)], 1).MoveToOuterDisposeScope(),
            cat([weights.expand(batch, -1), lift.neg().expand(batch, -1)], 1).MoveToOuterDisposeScope());
    }

    /// <summary>What the smallest of the numbers that are positive exactly where H is positive definite says of H; they are 1 where there is nothing to take away.</summary>
    /// <param name="smallest">The smallest eigenvalue of M₋, or denominator.</param>
    /// <param name="epsilon">The spacing of the dtype's numbers at 1.</param>
    public static Definiteness Classify(double smallest, double epsilon)
        => smallest > Rounding * epsilon ? Definiteness.Positive : smallest < -Rounding * epsilon ? Definiteness.Indefinite : Definiteness.Singular;

    /// <summary>The factor with κ of H itself, as <see cref="ScaledCondition"/> finds it, or what a form that builds on a base far from H loses beyond that.</summary>
    /// <param name="factor">A factor of a low-rank form, with what the form loses as its conditions.</param>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The point, (B, n).</param>
    public static HessianFactor Sharpened(HessianFactor factor, ArgminProblem problem, Tensor y)
        => factor.WithEstimates(ScaledCondition.Of(problem.Factors(y)!, b => factor.Form.Solve(new(problem, y, factor.Tensors), b).X, y));
}
