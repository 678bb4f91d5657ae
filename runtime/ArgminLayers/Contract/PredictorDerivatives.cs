using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>A separable φ around predictions z, each tensor of z's shape and of the caller's scope.</summary>
/// <param name="Gradient">φ′(z).</param>
/// <param name="Curvature">The diagonal of φ″(z).</param>
/// <param name="Pieces">
/// Which smooth piece of φ every prediction is on: booleans of z's shape with one more dimension for the kinks, to be compared with those of another call only; null where φ is twice
/// continuously differentiable.
/// </param>
public sealed record PredictorDerivatives(Tensor Gradient, Tensor Curvature, Tensor? Pieces);
