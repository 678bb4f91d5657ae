using ArgminLayers;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>
/// What the poolings of this library minimise. From each annotated method the generator writes a layer whose output is the minimiser; the
/// methods themselves stay ordinary functions of one sequence.
/// </summary>
/// <remarks>
/// Throughout, v holds the frames' features (T, D), t the frames' numbers (T), and weight (T) is 1 for a frame and 0 for padding.
/// </remarks>
public static class Objectives
{
    /// <summary>Squared ε-insensitive regression of the frame index on the frame's features (Fernando &amp; Gould 2016, Eq. 5).</summary>
    [ArgminLayer]
    public static Tensor RankPooling(
        [Argmin, Shape("D")] Tensor u,
        [Shape("T", "D")] Tensor v,
        [Shape("T")] Tensor t,
        [Shape("T"), NonNegative] Tensor weight,
        [NonNegative] double C = 1.0,
        [NonNegative] double epsilon = 0.1)
    {
        var excess = (Deviation(u, v, t) - epsilon).relu();
        return 0.5 * u.dot(u) + 0.5 * C * WeightedSquares(weight, excess);
    }

    /// <summary><see cref="RankPooling"/> with C and ε as inputs, so that they have gradients and can be learned.</summary>
    [ArgminLayer]
    public static Tensor RankPoolingLearned(
        [Argmin, Shape("D")] Tensor u,
        [Shape("T", "D")] Tensor v,
        [Shape("T")] Tensor t,
        [Shape("T"), NonNegative] Tensor weight,
        [Shape, NonNegative] Tensor C,
        [Shape, NonNegative] Tensor epsilon)
    {
        var excess = (Deviation(u, v, t) - epsilon).relu();
        return 0.5 * u.dot(u) + 0.5 * C * WeightedSquares(weight, excess);
    }

    /// <summary>Half the weighted squared distances to the frames (Fernando &amp; Gould 2016, Eq. 4); the minimiser is their weighted mean.</summary>
    [ArgminLayer]
    public static Tensor AveragePooling(
        [Argmin, Shape("D")] Tensor u,
        [Shape("T", "D")] Tensor v,
        [Shape("T"), NonNegative] Tensor weight)
    {
        var difference = u - v;
        return 0.5 * weight.dot((difference * difference).sum(dim: -1));
    }

    /// <summary>|uᵀv_t − t| for every frame.</summary>
    private static Tensor Deviation(Tensor u, Tensor v, Tensor t) => (v.mv(u) - t).abs();

    /// <summary>Σ_t w_t x_t².</summary>
    private static Tensor WeightedSquares(Tensor weight, Tensor x) => (weight * x * x).sum();
}
