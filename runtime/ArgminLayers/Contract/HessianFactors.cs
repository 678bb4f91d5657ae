using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>The factors of a Hessian <c>H = diag(d) + Uᵀ diag(w) U = diag(d) + Σₖ wₖ uₖ uₖᵀ</c>; leading dimensions of 1 are shared by the batch.</summary>
/// <param name="Diagonal">d, of shape (B or 1, n) or (B or 1, 1) for a multiple of the identity.</param>
/// <param name="Rows">U, of shape (B or 1, K, n): row k is uₖ.</param>
/// <param name="Weights">w, of shape (B or 1, K), of either sign.</param>
public sealed record HessianFactors(Tensor Diagonal, Tensor Rows, Tensor Weights)
{
    /// <summary>The factors of <c>diag(d) + Σ Jᵀ diag(w) J</c>: the rows and weights of all terms, one below the other.</summary>
    /// <param name="diagonal">d, of shape (…, n).</param>
    /// <param name="terms">J and w of each term, of shapes (…, K, n) and (…, K); leading dimensions broadcast.</param>
    /// <returns>The factors, in the scope around the caller's: what is made of them here belongs to the caller's own.</returns>
    public static HessianFactors Stack(Tensor diagonal, params (Tensor Rows, Tensor Weights)[] terms)
    {
        ArgumentNullException.ThrowIfNull(diagonal);
        ArgumentNullException.ThrowIfNull(terms);
        return new(
            diagonal.MoveToOuterDisposeScope(),
            Joined([.. terms.Select(static term => term.Rows)], 2).MoveToOuterDisposeScope(),
            Joined([.. terms.Select(static term => term.Weights)], 1).MoveToOuterDisposeScope());
    }

    /// <summary>The tensors one behind the other along their first own dimension, whatever their batch dimensions.</summary>
    private static Tensor Joined(Tensor[] parts, int own)
    {
        var batch = Array.Empty<long>();
        foreach (var part in parts)
        {
            var leading = part.shape[..^own];
            var (longer, shorter) = leading.Length > batch.Length ? (leading, batch) : (batch, leading);
            batch = [.. longer.Select((extent, k) => k < longer.Length - shorter.Length ? extent : Math.Max(extent, shorter[k - longer.Length + shorter.Length]))];
        }
        return cat(parts.Select(part => part.expand([.. batch, .. part.shape[^own..]])).ToArray(), -own);
    }
}
