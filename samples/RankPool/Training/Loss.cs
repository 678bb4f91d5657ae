using RankPool.Data;
using RankPool.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Training;

/// <summary>What training makes small.</summary>
public static class Loss
{
    public const string CrossEntropy = "cross-entropy";
    public const string Hinge = "hinge";

    public static IReadOnlyList<string> Names { get; } = [CrossEntropy, Hinge];

    /// <summary>
    /// The weighted sum over the rows of scores (R, K): of the cross-entropy of the softmax, or of the one-vs-rest hinge loss <c>Σ_k max(0, 1 − y_k s_k)</c> with y_k = 1 for what
    /// a video shows and −1 for what it does not.
    /// </summary>
    public static Tensor Sum(string name, Tensor scores, IReadOnlyList<ScoreRow> rows, IReadOnlyList<Clip> clips)
    {
        var losses = name == Hinge ? Hinges(scores, rows, clips) : CrossEntropies(scores, rows, clips);
        return rows.All(row => row.Weight == 1)
            ? losses.sum()
            : losses.mul(tensor(rows.Select(row => row.Weight).ToArray()).to(scores.device)).sum();
    }

    private static Tensor CrossEntropies(Tensor scores, IReadOnlyList<ScoreRow> rows, IReadOnlyList<Clip> clips) =>
        nn.functional.cross_entropy(scores, tensor(rows.Select(row => (long)clips[row.Video].Label).ToArray()).to(scores.device), reduction: nn.Reduction.None);

    private static Tensor Hinges(Tensor scores, IReadOnlyList<ScoreRow> rows, IReadOnlyList<Clip> clips)
    {
        var classCount = (int)scores.shape[1];
        var signs = new float[rows.Count * classCount];
        Array.Fill(signs, -1);
        for (var row = 0; row < rows.Count; row++)
        {
            foreach (var label in clips[rows[row].Video].Labels)
                signs[row * classCount + label] = 1;
        }
        var y = tensor(signs, [rows.Count, classCount]).to(scores.device);
        return ones_like(scores).sub(y.mul(scores)).relu().sum(dim: 1);
    }
}
