using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>A point of a search: y (B, n), f (B) and ∇f (B, n).</summary>
internal sealed record SearchPoint(Tensor Y, Tensor Value, Tensor Gradient)
{
    /// <summary>The point of B problems at y, (B, n).</summary>
    public static SearchPoint At(ArgminProblem problem, Tensor y) => new(y, problem.Objective(y), problem.Gradient(y));

    /// <summary>All tensors.</summary>
    public IReadOnlyList<Tensor> Tensors => [Y, Value, Gradient];

    /// <summary>The problems at some indices.</summary>
    public SearchPoint Select(Tensor indices) => new(Y.index_select(0, indices), Value.index_select(0, indices), Gradient.index_select(0, indices));

    /// <summary>This point where a condition (B) holds, another one elsewhere.</summary>
    public SearchPoint Where(Tensor condition, SearchPoint other) => new(
        Y.where(condition.unsqueeze(-1), other.Y), Value.where(condition, other.Value), Gradient.where(condition.unsqueeze(-1), other.Gradient));
}
