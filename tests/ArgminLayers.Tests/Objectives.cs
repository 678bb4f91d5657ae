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

    /// <summary>RankSVM with the squared hinge: v_j is to come behind v_i, by a margin of 1, wherever pair_ij is above 0. φ″ couples the scores.</summary>
    [ArgminLayer]
    public static Tensor PairwiseHinge([Argmin, Shape("D")] Tensor u, [Shape("T", "D")] Tensor v, [Shape("T", "T"), NonNegative] Tensor pair, [Shape, NonNegative] Tensor C)
    {
        var score = v.mv(u);
        var shortfall = (1 - (score.unsqueeze(0) - score.unsqueeze(1))).relu();
        return 0.5 * u.dot(u) + 0.5 * C * (pair * shortfall.square()).sum();
    }

    /// <summary>The soft maximum of affine functions, with a ridge and a linear term: φ″ is dense.</summary>
    [ArgminLayer]
    public static Tensor SoftMaximum([Argmin, Shape("D")] Tensor y, [Shape("N", "D")] Tensor a, [Shape("N")] Tensor b, [Shape("D")] Tensor c, [Shape, Positive] Tensor lambda_) =>
        (a.mv(y) + b).logsumexp(0) + c.dot(y) + 0.5 * lambda_ * y.dot(y);

    /// <summary>y is x where that is below t, and drawn to t elsewhere: a kink without linear predictors.</summary>
    [ArgminLayer]
    public static Tensor Threshold([Argmin, Shape("N")] Tensor y, [Shape("N")] Tensor x, [Shape("N")] Tensor t, [Shape, NonNegative] Tensor C) =>
        0.5 * (y - x).square().sum() + 0.5 * C * (y - t).relu().square().sum();

    /// <summary>Rank pooling of sequences that are padded to one length.</summary>
    [ArgminLayer]
    public static Tensor RaggedPooling(
        [Argmin, Shape("D")] Tensor u,
        [Shape("T", "D")] Tensor v,
        [Shape("T")] Tensor t,
        [Shape, Ragged("T")] Tensor length,
        [NonNegative] double C = 1.0,
        [NonNegative] double epsilon = 0.1)
    {
        var excess = ((v.mv(u) - t).abs() - epsilon).relu();
        return 0.5 * u.dot(u) + 0.5 * C * (excess * excess).sum();
    }

    /// <summary>Means, reductions, running sums, differences and functions that padding of zeros is no argument for, over a padded axis.</summary>
    [ArgminLayer]
    public static Tensor RaggedMixture(
        [Argmin, Shape("D")] Tensor y,
        [Shape("T", "D")] Tensor x,
        [Shape("T"), NonNegative] Tensor p,
        [Shape, Ragged("T")] Tensor length)
    {
        var z = x.mv(y);
        return 0.5 * y.dot(y) + (z - p.log()).square().mean() + z.logsumexp(0) + 0.1 * z.diff().square().sum() + 0.1 * (z.cumsum(0) / p).square().mean()
            + 0.1 * (z.softmax(0) * p).sum() + 0.1 * x.T.mv(z / p.sqrt()).square().sum() / x.size(0) + (x[0] * y).sum().sin() + 0.1 * (z[1..] * z[..^1]).sum().square();
    }

    /// <summary>Regression with Welsch's loss: the curvature of a sample is negative where its residual is beyond 1.</summary>
    [ArgminLayer]
    public static Tensor RobustRegression([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T")] Tensor t, [Shape, Positive] Tensor lambda_)
        => (1 - (-0.5 * (x.mv(y) - t).square()).exp()).sum() + 0.5 * lambda_ * y.dot(y);

    /// <summary>Double wells, one an element, and a few residuals: the curvature of an element is negative close to 0.</summary>
    [ArgminLayer]
    public static Tensor Wells([Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor v, [Shape("T")] Tensor t, [Shape, Positive] Tensor C)
        => (0.25 * y.square().square() - 0.5 * y.square()).sum() + 0.5 * C * (v.mv(y) - t).square().sum();

    /// <summary>½ yᵀP y − bᵀy of a matrix that is promised to be positive definite.</summary>
    [ArgminLayer]
    public static Tensor Quadratic([Argmin, Shape("D")] Tensor y, [Shape("D", "D"), PositiveDefinite] Tensor P, [Shape("D")] Tensor b)
        => 0.5 * y.dot(P.mv(y)) - b.dot(y);

    /// <summary>The mean of the frames, as an argmin (Eq. 4).</summary>
    [ArgminLayer]
    public static Tensor AveragePooling([Argmin, Shape("D")] Tensor u, [Shape("T", "D")] Tensor v)
        => 0.5 * (u - v).square().sum();

    /// <summary>The weighted mean, drawn towards 0, with inputs that may be left out.</summary>
    [ArgminLayer]
    public static Tensor DrawnMean(
        [Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x, [Shape("T"), NonNegative, Default(1)] Tensor? weight, [Shape, Positive, Default(0.5)] Tensor? pull) =>
        (weight! * (y - x).square().sum(dim: 1)).sum() + pull! * y.square().sum();
}
