using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>The solutions of R problems, y = Aᵀa − c/ρ on the side of the predictors, in the precision that the problem asked for.</summary>
/// <param name="Layout">How they make up the B problems of a batch.</param>
/// <param name="A">a, (R, K).</param>
/// <param name="Z">z = A y + b, (R, K).</param>
/// <param name="Gram">K = A Aᵀ, (R or 1, K, K).</param>
/// <param name="Curvature">φ″(z).</param>
/// <param name="Rho">ρ, (R or 1, 1).</param>
/// <param name="Factor">The factor of ρI + φ″K there, where the solver has it.</param>
internal sealed record SpanPoint(SpanLayout Layout, Tensor A, Tensor Z, Tensor Gram, SpanCurvature Curvature, Tensor Rho, IReadOnlyList<Tensor>? Factor = null)
{
    /// <summary>The point from the tensors that a backward pass saved: <see cref="Saved"/>, then those of the factor.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="size">B.</param>
    /// <param name="saved">The tensors.</param>
    public static SpanPoint Of(LinearPredictorProblem problem, long size, IReadOnlyList<Tensor> saved)
    {
        var layout = SpanLayout.Of(problem, size);
        Tensor[] tensors = [.. saved.Select(layout.Ungrouped)];
        SpanCurvature curvature = SpanCurvature.Of(problem.IsSeparable, [.. tensors.Skip(4)]);
        return new(layout, tensors[0], tensors[1], tensors[2], curvature, tensors[3], [.. tensors.Skip(4 + curvature.Tensors.Count)]);
    }

    /// <summary>The tensors of the point, beside the factor.</summary>
    public IReadOnlyList<Tensor> Tensors => [A, Z, Gram, Rho, .. Curvature.Tensors];

    /// <summary>What a backward pass saves: the tensors of the point and a factor, each with the B problems, or one for all of them, as its first dimension.</summary>
    public IReadOnlyList<Tensor> Saved(IEnumerable<Tensor> factor) => [.. Tensors.Concat(factor).Select(Layout.Grouped)];

    /// <summary>What mixed products are made of: y and λ of the batch, and z, ζ = Aλ, φ′ = −ρa and φ″ζ from the R problems.</summary>
    /// <param name="y">y, (B, …).</param>
    /// <param name="lambda">λ, (B, …).</param>
    /// <param name="zeta">ζ, (R, K), or null where it is not needed.</param>
    /// <param name="curved">φ″ζ, (R, K).</param>
    public LinearPredictorPoint At(Tensor y, Tensor lambda, Tensor? zeta, Tensor curved) => new(
        y, lambda, Layout.JoinPredictions(Z), zeta is null ? null : Layout.JoinPredictions(zeta), Layout.JoinPredictions((Rho * A).neg_()), Layout.JoinPredictions(curved));
}
