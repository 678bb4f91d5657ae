using ArgminLayers;
using static TorchSharp.torch;

namespace Gallery;

/// <summary>Objectives whose minimum is a kind of mean.</summary>
public static class Pooling
{
    /// <summary>The weighted mean.</summary>
    [ArgminLayer]
    public static Tensor WeightedMean([Argmin, Shape("D")] Tensor y, [Shape("N", "D")] Tensor x, [Shape("N"), NonNegative] Tensor weight) =>
        0.5 * weight.dot((y - x).square().sum(dim: 1));

    /// <summary>Pseudo-Huber pooling of numbers: between mean and median.</summary>
    [ArgminLayer]
    public static Tensor PseudoHuber([Argmin, Shape] Tensor y, [Shape("N")] Tensor x, [Shape, Positive] Tensor alpha) =>
        alpha.square() * ((1 + ((y - x) / alpha).square()).sqrt() - 1).sum();

    /// <summary>Pseudo-Huber pooling of vectors, by their distance.</summary>
    [ArgminLayer]
    public static Tensor PseudoHuberVectors([Argmin, Shape("D")] Tensor y, [Shape("N", "D")] Tensor x, [Shape, Positive] Tensor alpha) =>
        alpha.square() * ((1 + (y - x).square().sum(dim: 1) / alpha.square()).sqrt() - 1).sum();

    /// <summary>Welsch pooling: far vectors hardly count. Not convex.</summary>
    [ArgminLayer]
    public static Tensor Welsch([Argmin, Shape("D")] Tensor y, [Shape("N", "D")] Tensor x, [Shape, Positive] Tensor alpha) =>
        alpha.square() * (1 - (-0.5 * (y - x).square().sum(dim: 1) / alpha.square()).exp()).sum();

    /// <summary>A quartic in one number.</summary>
    [ArgminLayer]
    public static Tensor Polynomial([Argmin, Shape] Tensor y, [Shape] Tensor x) => 0.25 * y.pow(4) + 0.5 * y.square() - x * y;
}
