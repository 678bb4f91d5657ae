using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>A separable φ around predictions z, each tensor of z's shape and of the caller's scope.</summary>
/// <param name="Gradient">φ′(z).</param>
/// <param name="Curvature">The diagonal of φ″(z).</param>
/// <param name="Pieces">
/// Which smooth piece of φ every prediction is on: booleans of z's shape with one more dimension for the kinks, to be compared with those of another call only; null where φ is twice
/// continuously differentiable.
/// </param>
public sealed record PredictorDerivatives(Tensor Gradient, Tensor Curvature, Tensor? Pieces)
{
    /// <summary>The same of predictions that are a matrix, its elements one after another. For generated code.</summary>
    public PredictorDerivatives Flattened() => new(Gradient.flatten(-2, -1), Curvature.flatten(-2, -1), Pieces?.flatten(-3, -2));

    /// <summary>Moves the tensors to the scope around the current one. For generated code.</summary>
    public PredictorDerivatives MoveToOuterDisposeScope()
    {
        Gradient.MoveToOuterDisposeScope();
        Curvature.MoveToOuterDisposeScope();
        Pieces?.MoveToOuterDisposeScope();
        return this;
    }
}
