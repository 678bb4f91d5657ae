using ArgminLayers.Batching;
using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>The direction of a step: Newton's where H is positive definite, one that leads away from saddles elsewhere.</summary>
internal static class DescentDirection
{
    /// <summary>Eigenvalues closer to zero than this part of the largest count as this part.</summary>
    private static readonly Scalar SmallestPart = 1e-8.ToScalar();

    /// <summary>d with ∇fᵀd &lt; 0, (B, n).</summary>
    /// <param name="batch">B problems.</param>
    /// <param name="y">The point, (B, n).</param>
    /// <param name="gradient">∇f, (B, n).</param>
    /// <param name="factor">H, factorised at the point.</param>
    /// <param name="direction">−H⁻¹∇f, (B, n), kept where H is positive definite.</param>
    public static Tensor At(ProblemBatch batch, Tensor y, Tensor gradient, HessianFactor factor, Tensor direction)
    {
        var others = factor.Definiteness
            .Select(static (definiteness, i) => (definiteness, i))
            .Where(static entry => entry.definiteness is Definiteness.Singular or Definiteness.Indefinite)
            .Select(static entry => entry.i)
            .ToArray();
        if (others.Length == 0)
            return direction;
        var indices = Host.Indices(others, y.device);
        var replacement = SaddleFree(batch.Select(indices).Problem.Hessian(y.index_select(0, indices)), gradient.index_select(0, indices));
        return direction.index_copy_(0, indices, replacement);
    }

    /// <summary>d = −|H|⁻¹ ∇f with |H| = V |Λ| Vᵀ: Newton's step with negative curvature turned into a descent.</summary>
    private static Tensor SaddleFree(Tensor hessian, Tensor gradient)
    {
        // Symmetric up to rounding, which eigh reads from one triangle only; float64 because a singular H leaves nothing to spare.
        var (values, vectors) = linalg.eigh(hessian.to(ScalarType.Float64));
        var size = values.abs();
        var largest = size.amax([-1], true);
        var floor = (largest * SmallestPart).where(largest.gt(Scalars.Zero), ones_like(largest));
        var along = vectors.transpose(-2, -1).matmul(gradient.to(ScalarType.Float64).unsqueeze(-1)).squeeze(-1);
        return vectors.matmul((along / maximum(size, floor)).unsqueeze(-1)).squeeze(-1).neg().to(gradient.dtype);
    }
}
