using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>A solution y = Aᵀa − c/ρ on the side of the predictors, in the precision that the problem asked for.</summary>
/// <param name="A">a, (B, K).</param>
/// <param name="Z">z = A y + b, (B, K).</param>
/// <param name="Gram">K = A Aᵀ, (B or 1, K, K).</param>
/// <param name="Curvature">φ″(z).</param>
/// <param name="Rho">ρ, (B or 1, 1).</param>
/// <param name="Factor">The factor of ρI + φ″K there, where the solver has it.</param>
internal sealed record SpanPoint(Tensor A, Tensor Z, Tensor Gram, SpanCurvature Curvature, Tensor Rho, IReadOnlyList<Tensor>? Factor = null)
{
    /// <summary>The point from the tensors that a backward pass saved: <see cref="Tensors"/>, then those of the factor.</summary>
    public static SpanPoint Of(LinearPredictorProblem problem, IReadOnlyList<Tensor> tensors)
    {
        SpanCurvature curvature = SpanCurvature.Of(problem, [.. tensors.Skip(4)]);
        return new(tensors[0], tensors[1], tensors[2], curvature, tensors[3], [.. tensors.Skip(4 + curvature.Tensors.Count)]);
    }

    /// <summary>What a backward pass saves, beside the factor.</summary>
    public IReadOnlyList<Tensor> Tensors => [A, Z, Gram, Rho, .. Curvature.Tensors];
}
