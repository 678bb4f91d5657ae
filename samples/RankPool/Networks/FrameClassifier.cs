using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>Frame-level fine-tuning: every frame is classified for itself and trained with its video's label; the scores of a video are the sum of its frames'.</summary>
public sealed class FrameClassifier : VideoModel
{
    private readonly Linear classifier;

    /// <param name="network">(N, C, H, W) to (N, D).</param>
    /// <param name="classCount">Number of classes, K.</param>
    public FrameClassifier(FrameNetwork network, int classCount) : base(nameof(FrameClassifier), network)
    {
        classifier = nn.Linear(network.FeatureCount, classCount);
        RegisterComponents();
    }

    public override IReadOnlyList<ScoreRow> Rows(VideoBatch batch) =>
        [.. batch.Lengths.SelectMany((length, video) => Enumerable.Repeat(new ScoreRow(video, 1f / length), length))];

    protected override Tensor ScoreRows(VideoBatch batch, Tensor features) => classifier.call(features);

    protected override Tensor Score(VideoBatch batch, Tensor features)
    {
        var scores = ScoreRows(batch, features);
        var sums = new List<Tensor>();
        var first = 0;
        foreach (var length in batch.Lengths)
        {
            sums.Add(scores.narrow(0, first, length).sum(dim: 0));
            first += length;
        }
        return stack(sums, 0);
    }
}
