using ArgminLayers;
using static TorchSharp.torch;

namespace Gallery;

/// <summary>Objectives in a matrix that couple its rows and its columns, each by a matrix of its own.</summary>
public static class Matrices
{
    /// <summary>Smoothing of an image: neighbours in a column and in a row are to be close.</summary>
    [ArgminLayer]
    public static Tensor SmoothImage([Argmin, Shape("H", "W")] Tensor y, [Shape("H", "W")] Tensor x, [Shape, NonNegative] Tensor down, [Shape, NonNegative] Tensor across) =>
        0.5 * (y - x).square().sum() + 0.5 * down * y.diff(dim: 0).square().sum() + 0.5 * across * y.diff(dim: 1).square().sum();

    /// <summary>Least squares with Sylvester's equation as its normal equation: AᵀA Y + λ Y BBᵀ = AᵀC.</summary>
    [ArgminLayer]
    public static Tensor Sylvester([Argmin, Shape("D", "K")] Tensor y, [Shape("N", "D")] Tensor a, [Shape("K", "M")] Tensor b, [Shape("N", "K")] Tensor c, [Shape, Positive] Tensor lambda_) =>
        0.5 * (a.mm(y) - c).square().sum() + 0.5 * lambda_ * y.mm(b).square().sum();

    /// <summary>Ridge regression between two sides: C is to be A Y B.</summary>
    [ArgminLayer]
    public static Tensor TwoSidedRidge([Argmin, Shape("D", "K")] Tensor y, [Shape("N", "D")] Tensor a, [Shape("K", "M")] Tensor b, [Shape("N", "M")] Tensor c, [Shape, Positive] Tensor lambda_) =>
        0.5 * (a.mm(y).mm(b) - c).square().sum() + 0.5 * lambda_ * y.square().sum();
}
