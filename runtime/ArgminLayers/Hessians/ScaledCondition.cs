using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>
/// κ of <c>S = D⁻¹HD⁻¹</c>, <c>D² = diag(H)</c>, from the factor of H: what rounding costs a solution by Cholesky's factor, which no scaling of y changes (Demmel 1989; van der Sluis 1969).
/// </summary>
/// <remarks>The largest eigenvalues of S and of S⁻¹ by power iteration, O(n²) a step: estimates from below, by a factor that is near 1 where one eigenvalue stands apart.</remarks>
internal static class ScaledCondition
{
    private const int Steps = 6;

    /// <summary>The estimate, (B).</summary>
    /// <param name="matrices">H, (B, K, m, m): the largest of K counts.</param>
    /// <param name="factor">L of H = L Lᵀ, (B, K, m, m).</param>
    public static Tensor Of(Tensor matrices, Tensor factor)
    {
        using var scope = NewDisposeScope();
        var d = matrices.diagonal(0, -2, -1).unsqueeze(-1).sqrt();
        var largest = Norm(x => matrices.matmul(x / d) / d, d);
        var smallest = Norm(x => d * (d * x).cholesky_solve(factor), d);
        return (largest * smallest).amax([-1]).MoveToOuterDisposeScope();
    }

    /// <summary>The norm of a symmetric map, (B, K).</summary>
    private static Tensor Norm(Func<Tensor, Tensor> map, Tensor like)
    {
        // A start that no eigenvector of a matrix that people write is orthogonal to.
        double[] start = [.. Enumerable.Range(1, (int)like.size(-2)).Select(static i => Math.Sin(i))];
        var x = ones_like(like) * tensor(start).to(like.dtype).to(like.device).unsqueeze(-1);
        x = x / Length(x);
        for (var step = 0; step < Steps; step++)
        {
            using var inner = NewDisposeScope();
            x = map(x);
            x = (x / Length(x).clamp_min(Precision.SmallestOf(like.dtype))).MoveToOuterDisposeScope();
        }
        return Length(map(x)).squeeze(-1).squeeze(-1);
    }

    private static Tensor Length(Tensor x) => RowNorm.Of(x.squeeze(-1)).unsqueeze(-1).unsqueeze(-1);
}
