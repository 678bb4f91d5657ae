using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>
/// A positive base for <c>H = diag(d) + Uᵀ diag(w) U</c>, which both low-rank forms invert first: an unregularised bias has dⱼ = 0 though H is regular. Where dⱼ ≤ 0, the base gets
/// <c>δⱼ = |dⱼ| + Σₖ |wₖ| uₖⱼ²</c> and the low-rank part the term <c>−(δⱼ − dⱼ) eⱼeⱼᵀ</c>, so that H stays what it is. δⱼ has the size of Hⱼⱼ: taking it away again costs no digits where H is regular.
/// </summary>
internal static class PositiveBase
{
    /// <summary>Which elements of d are not positive in some problem; null where none is, and where d is one number, so that no part of the base is positive.</summary>
    public static int[]? Missing(HessianFactors factors)
    {
        using var scope = NewDisposeScope();
        var d = factors.Diagonal;
        var missing = d.le(Scalars.Zero).any(0);
        if ((d.size(-1) == 1 && factors.Rows.size(-1) > 1) || !missing.any().item<bool>())
            return null;
        return [.. Host.Booleans(missing).Select(static (isMissing, j) => (isMissing, j)).Where(static entry => entry.isMissing).Select(static entry => entry.j)];
    }

    /// <summary>The same Hessian with a positive base, its new tensors in the caller's scope.</summary>
    public static HessianFactors Of(HessianFactors factors)
    {
        if (Missing(factors) is not { } missing)
            return factors;
        using var scope = NewDisposeScope();
        var (d, rows, weights) = factors;
        var n = rows.size(-1);
        var indices = Host.Indices(missing, d.device);
        var size = d.abs().add((weights.abs().unsqueeze(-1) * rows * rows).sum(dim: -2), Scalars.One);
        var isMissing = d.le(Scalars.Zero);
        var delta = size.where(size.gt(Scalars.Zero), ones_like(size));
        var lift = delta.sub(d).where(isMissing, zeros_like(delta)).index_select(-1, indices);
        var units = zeros([missing.Length, n], dtype: d.dtype, device: d.device)
            .scatter_(1, indices.unsqueeze(-1), ones([missing.Length, 1], dtype: d.dtype, device: d.device));
        var batch = Math.Max(weights.size(0), lift.size(0));
        return new(
            delta.where(isMissing, d).MoveToOuterDisposeScope(),
            cat([rows, units.unsqueeze(0).expand(rows.size(0), -1, -1)], 1).MoveToOuterDisposeScope(),
            cat([weights.expand(batch, -1), lift.neg().expand(batch, -1)], 1).MoveToOuterDisposeScope());
    }
}
