using ArgminLayers;
using static TorchSharp.torch;

namespace Gallery;

/// <summary>Objectives that fit numbers.</summary>
public static class Regression
{
    /// <summary>Ridge regression.</summary>
    [ArgminLayer]
    public static Tensor Ridge([Argmin, Shape("D")] Tensor y, [Shape("N", "D")] Tensor x, [Shape("N")] Tensor t, [Shape, Positive] Tensor lambda_) =>
        0.5 * (x.mv(y) - t).square().sum() + 0.5 * lambda_ * y.dot(y);

    /// <summary>Weighted least squares with a bias: the first column of x is 1, and its coefficient is not regularised.</summary>
    [ArgminLayer]
    public static Tensor WeightedLeastSquares(
        [Argmin, Shape("D")] Tensor y, [Shape("N", "D")] Tensor x, [Shape("N")] Tensor t, [Shape("N"), NonNegative] Tensor weight, [Shape, Positive] Tensor lambda_) =>
        0.5 * weight.dot((x.mv(y) - t).square()) + 0.5 * lambda_ * y[1..].square().sum();

    /// <summary>Ridge regression with several outputs: the unknown is a matrix.</summary>
    [ArgminLayer]
    public static Tensor MultiOutputRidge([Argmin, Shape("D", "K")] Tensor y, [Shape("N", "D")] Tensor x, [Shape("N", "K")] Tensor t, [Shape, Positive] Tensor lambda_) =>
        0.5 * (x.mm(y) - t).square().sum() + 0.5 * lambda_ * y.square().sum();

    /// <summary>Squared ε-insensitive regression: what is nearer than ε costs nothing.</summary>
    [ArgminLayer]
    public static Tensor InsensitiveRegression(
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

    /// <summary>Poisson regression of counts.</summary>
    [ArgminLayer]
    public static Tensor Poisson([Argmin, Shape("D")] Tensor y, [Shape("N", "D")] Tensor x, [Shape("N")] Tensor count, [Shape, Positive] Tensor lambda_)
    {
        var z = x.mv(y);
        return z.exp().sum() - count.dot(z) + 0.5 * lambda_ * y.dot(y);
    }

    /// <summary>Fit of a decaying exponential y₀ exp(−y₁ s): not convex.</summary>
    [ArgminLayer]
    public static Tensor ExponentialFit([Argmin, Shape(2)] Tensor y, [Shape("N")] Tensor s, [Shape("N")] Tensor t) =>
        0.5 * (t - y[0] * (-y[1] * s).exp()).square().sum();

    /// <summary>Tikhonov smoothing of a signal: neighbours are to be close.</summary>
    [ArgminLayer]
    public static Tensor Tikhonov([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, [Shape, NonNegative] Tensor lambda_) =>
        0.5 * (y - x).square().sum() + 0.5 * lambda_ * y.diff().square().sum();
}
