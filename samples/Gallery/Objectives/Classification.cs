using ArgminLayers;
using static TorchSharp.torch;

namespace Gallery;

/// <summary>Objectives that tell classes apart, or put things in order.</summary>
public static class Classification
{
    /// <summary>Logistic regression; a label is 1 or −1.</summary>
    [ArgminLayer]
    public static Tensor Logistic([Argmin, Shape("D")] Tensor y, [Shape("N", "D")] Tensor x, [Shape("N")] Tensor label, [Shape, Positive] Tensor lambda_) =>
        (-label * x.mv(y)).softplus().sum() + 0.5 * lambda_ * y.dot(y);

    /// <summary>Multinomial logistic regression: the unknown is a matrix; a label is a row with a 1 at its class.</summary>
    [ArgminLayer]
    public static Tensor Multinomial([Argmin, Shape("D", "K")] Tensor y, [Shape("N", "D")] Tensor x, [Shape("N", "K")] Tensor label, [Shape, Positive] Tensor lambda_)
    {
        var z = x.mm(y);
        return z.logsumexp(1).sum() - (label * z).sum() + 0.5 * lambda_ * y.square().sum();
    }

    /// <summary>RankSVM with the squared hinge: v_j is to come behind v_i, by a margin of 1, wherever pair_ij is above 0.</summary>
    [ArgminLayer]
    public static Tensor Ranking([Argmin, Shape("D")] Tensor u, [Shape("T", "D")] Tensor v, [Shape("T", "T"), NonNegative] Tensor pair, [Shape, NonNegative] Tensor C)
    {
        var score = v.mv(u);
        var shortfall = (1 - (score.unsqueeze(0) - score.unsqueeze(1))).relu();
        return 0.5 * u.dot(u) + 0.5 * C * (pair * shortfall.square()).sum();
    }
}
