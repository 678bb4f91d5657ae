using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>A solution y = Aᵀa − c/ρ on the side of the predictors, in the precision that the problem asked for.</summary>
/// <param name="A">a, (B, K).</param>
/// <param name="Z">z = A y + b, (B, K).</param>
/// <param name="Gram">K = A Aᵀ, (B or 1, K, K).</param>
/// <param name="Scale">s = √φ″(z), (B, K).</param>
/// <param name="Rho">ρ, (B or 1, 1).</param>
/// <param name="Factor">The Cholesky factor of M = ρI + sKs, (B, K, K), where the solver has it.</param>
internal sealed record SpanPoint(Tensor A, Tensor Z, Tensor Gram, Tensor Scale, Tensor Rho, Tensor? Factor = null)
{
    /// <summary>The point from the tensors that a backward pass saved.</summary>
    public static SpanPoint Of(IReadOnlyList<Tensor> tensors) => new(tensors[0], tensors[1], tensors[2], tensors[3], tensors[4]);

    /// <summary>What a backward pass saves.</summary>
    public IReadOnlyList<Tensor> Tensors => [A, Z, Gram, Scale, Rho];
}
