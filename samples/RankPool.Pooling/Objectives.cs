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

    /// <summary>
    /// Squared hinge on all pairs of frames, the ranking machine with differences: a later frame should score at least 1 more than an earlier one,
    /// <c>½‖u‖² + (C/2) Σ_{i,j} weight_ij [1 − uᵀ(v_j − v_i)]₊²</c> (Fernando et al., CVPR 2015, with the hinge squared).
    /// </summary>
    /// <param name="u">The pooled vector.</param>
    /// <param name="v">The frames.</param>
    /// <param name="weight">weight_ij is 1 where frame i comes before frame j, and 0 elsewhere.</param>
    /// <param name="C">Weight of the ranking loss.</param>
    [ArgminLayer]
    public static Tensor PairwiseRankPooling(
        [Argmin, Shape("D")] Tensor u,
        [Shape("T", "D")] Tensor v,
        [Shape("T", "T"), NonNegative] Tensor weight,
        [NonNegative] double C = 1.0)
    {
        var score = v.mv(u);
        var violation = (1.0 - (score.unsqueeze(0) - score.unsqueeze(1))).relu();
        return 0.5 * u.dot(u) + 0.5 * C * WeightedSquares(weight, violation);
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
