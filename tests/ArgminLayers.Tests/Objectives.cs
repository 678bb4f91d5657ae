using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Objectives whose layers the generator writes for these tests.</summary>
public static class Objectives
{
    /// <summary>Squared ε-insensitive regression of the frame index on the frame's features (Fernando and Gould 2016, Eq. 5).</summary>
    [ArgminLayer]
    public static Tensor RankPooling(
        [Argmin, Shape("D")] Tensor u,
        [Shape("T", "D")] Tensor v,
        [Shape("T")] Tensor t,
        [Shape("T"), NonNegative] Tensor weight,
        [NonNegative] double C = 1.0,
        [NonNegative] double epsilon = 0.1)
    {
        var excess = ((v.mv(u) - t).abs() - epsilon).relu();
        return 0.5 * u.dot(u) + 0.5 * C * (weight * excess * excess).sum();
    }

    /// <summary>Rank pooling whose C and ε are inputs with gradients.</summary>
    [ArgminLayer]
    public static Tensor RankPoolingLearned(
        [Argmin, Shape("D")] Tensor u,
        [Shape("T", "D")] Tensor v,
        [Shape("T")] Tensor t,
        [Shape("T"), NonNegative] Tensor weight,
        [Shape, NonNegative] Tensor C,
        [Shape, NonNegative] Tensor epsilon)
    {
        var excess = ((v.mv(u) - t).abs() - epsilon).relu();
        return 0.5 * u.dot(u) + 0.5 * C * (weight * excess * excess).sum();
    }

    /// <summary>The mean of the frames, as an argmin (Eq. 4).</summary>
    [ArgminLayer]
    public static Tensor AveragePooling([Argmin, Shape("D")] Tensor u, [Shape("T", "D")] Tensor v)
        => 0.5 * (u - v).square().sum();
}
