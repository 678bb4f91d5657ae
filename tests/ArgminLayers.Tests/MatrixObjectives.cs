using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Objectives in a matrix that the data act on column by column or row by row: solved on the side of the predictions.</summary>
public static class MatrixObjectives
{
    /// <summary>Crammer and Singer's support vector machine with the squared hinge: kinks, and φ″ couples the classes of a sample.</summary>
    [ArgminLayer]
    public static Tensor CrammerSinger(
        [Argmin, Shape("D", "K")] Tensor w, [Shape("T", "D")] Tensor x, [Shape("T", "K")] Tensor label, [Shape, NonNegative] Tensor C)
    {
        var score = x.mm(w);
        var shortfall = ((1 + score - (label * score).sum(1).unsqueeze(1)) * (1 - label)).relu();
        return 0.5 * w.square().sum() + C * shortfall.square().sum();
    }

    /// <summary>Multinomial logistic regression with the classes as rows, and a bias.</summary>
    [ArgminLayer]
    public static Tensor MultinomialOfRows(
        [Argmin, Shape("K", "D")] Tensor w, [Shape("T", "D")] Tensor x, [Shape("T", "K")] Tensor label, [Shape("K")] Tensor bias, [Shape, Positive] Tensor rho)
    {
        var score = x.matmul(w.mT) + bias;
        return score.logsumexp(1).sum() - (label * score).sum() + 0.5 * rho * w.square().sum();
    }

    /// <summary>A soft maximum over the rows of W X, which lie row by row as those of W do, with a ridge around a centre.</summary>
    [ArgminLayer]
    public static Tensor MultinomialAcross([Argmin, Shape("K", "D")] Tensor w, [Shape("D", "T")] Tensor x, [Shape("K", "D")] Tensor centre) =>
        w.matmul(x).logsumexp(0).sum() + (w - centre).square().sum();

    /// <summary>Rank pooling of the same frames by several orders: the columns go their own ways, with kinks.</summary>
    [ArgminLayer]
    public static Tensor RankPoolings(
        [Argmin, Shape("D", "K")] Tensor u, [Shape("T", "D")] Tensor v, [Shape("T", "K")] Tensor t, [Shape("T"), NonNegative] Tensor weight, [NonNegative] double C = 1.0) =>
        0.5 * u.square().sum() + 0.5 * C * (weight.unsqueeze(1) * ((v.mm(u) - t).abs() - 0.1).relu().square()).sum();

    /// <summary>The same with the results as rows.</summary>
    [ArgminLayer]
    public static Tensor RankPoolingsOfRows(
        [Argmin, Shape("K", "D")] Tensor u, [Shape("T", "D")] Tensor v, [Shape("T", "K")] Tensor t, [Shape("T"), NonNegative] Tensor weight, [NonNegative] double C = 1.0) =>
        0.5 * u.square().sum() + 0.5 * C * (weight.unsqueeze(1) * ((v.matmul(u.mT) - t).abs() - 0.1).relu().square()).sum();
}
