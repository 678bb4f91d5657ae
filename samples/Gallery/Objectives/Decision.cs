using ArgminLayers;
using static TorchSharp.torch;

namespace Gallery;

/// <summary>Objectives that decide, and one that describes.</summary>
public static class Decision
{
    /// <summary>A linear programme with bounds a y ≤ b as a logarithmic barrier.</summary>
    [ArgminLayer]
    public static Tensor LogBarrier(
        [Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor cost, [Shape("M", "D")] Tensor a, [Shape("M")] Tensor b, [Shape, Positive] Tensor mu, [Positive] double ridge = 0.01) =>
        cost.dot(y) - mu * (b - a.mv(y)).log().sum() + 0.5 * ridge * y.dot(y);

    /// <summary>Kelly's portfolio: the largest expected logarithm of wealth over scenarios.</summary>
    [ArgminLayer]
    public static Tensor Kelly([Argmin, Shape("D")] Tensor y, [Shape("S", "D")] Tensor returns, [Shape("S"), NonNegative] Tensor probability, [Shape, Positive] Tensor gamma) =>
        -probability.dot((1 + returns.mv(y)).log()) + 0.5 * gamma * y.dot(y);

    /// <summary>The soft maximum of affine functions, with a ridge.</summary>
    [ArgminLayer]
    public static Tensor SoftMaximum([Argmin, Shape("D")] Tensor y, [Shape("N", "D")] Tensor a, [Shape("N")] Tensor b, [Shape, Positive] Tensor lambda_) =>
        (a.mv(y) + b).logsumexp(0) + 0.5 * lambda_ * y.dot(y);

    /// <summary>The precision matrix P = prior + Y of a Gaussian with covariance S, with a ridge on P. Only the symmetric part of P has a likelihood.</summary>
    [ArgminLayer]
    public static Tensor Precision([Argmin, Shape("D", "D")] Tensor y, [Shape("D", "D")] Tensor covariance, [Shape("D", "D")] Tensor prior, [Shape, Positive] Tensor lambda_)
    {
        var p = prior + y;
        var symmetric = 0.5 * (p + p.T);
        return (covariance * symmetric).sum() - symmetric.logdet() + 0.5 * lambda_ * p.square().sum();
    }
}
