using RankPool.Networks;

namespace RankPool.Reproduction;

/// <summary>A row of a table of the paper.</summary>
/// <param name="Id">Its name in files.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Method">How it comes about.</param>
/// <param name="Pooling">The pooling; for <see cref="RowMethod.FrameLevel"/> none.</param>
/// <param name="Paper">The paper's number in percent.</param>
public sealed record PaperRow(string Id, string Name, RowMethod Method, PoolingChoice Pooling, double Paper);

/// <summary>The tables of Fernando and Gould (2016).</summary>
public static class PaperTables
{
    /// <summary>The row that other rows take trained weights from.</summary>
    public const string FrameLevelId = "frame-level";

    private static readonly PoolingChoice Average = new(PoolingChoice.Average);
    private static readonly PoolingChoice Max = new(PoolingChoice.Max);
    private static readonly PoolingChoice Exact = new(PoolingChoice.Rank, PoolingChoice.Exact);
    private static readonly PoolingChoice Diagonal = new(PoolingChoice.Rank, PoolingChoice.Diagonal);

    /// <summary>The baseline smooths the frames with the time-varying mean before it pools them.</summary>
    private static readonly PoolingChoice Smoothed = Exact with { Preprocessing = FrameTransforms.TimeVaryingMean };

    /// <summary>Table 1: accuracy on UCF-Sports.</summary>
    public static IReadOnlyList<PaperRow> UcfSports { get; } =
    [
        new("average-svm", "average pooling + SVM", RowMethod.Frozen, Average, 67),
        new("max-svm", "max pooling + SVM", RowMethod.Frozen, Max, 66),
        new("rank-svm", "rank pooling + SVM", RowMethod.Frozen, Smoothed, 66),
        new(FrameLevelId, "frame-level fine-tuning", RowMethod.FrameLevel, new PoolingChoice(PoolingChoice.FrameLevel), 70),
        new("frame-level-rank-svm", "frame-level fine-tuning + rank pooling", RowMethod.FineTuned, Smoothed, 73),
        new("average-end-to-end", "average pooling, end to end", RowMethod.EndToEnd, Average, 70),
        new("max-end-to-end", "max pooling, end to end", RowMethod.EndToEnd, Max, 71),
        new("rank-diagonal-end-to-end", "rank pooling, end to end, diagonal Hessian", RowMethod.EndToEnd, Diagonal, 87),
        new("rank-exact-end-to-end", "rank pooling, end to end, exact Hessian", RowMethod.EndToEnd, Exact, 87),
    ];

    /// <summary>Table 2: mean average precision on Hollywood2.</summary>
    public static IReadOnlyList<PaperRow> Hollywood2 { get; } =
    [
        new("average-svm", "average pooling + SVM", RowMethod.Frozen, Average, 35.7),
        new("max-svm", "max pooling + SVM", RowMethod.Frozen, Max, 30.0),
        new("rank-svm", "rank pooling + SVM", RowMethod.Frozen, Smoothed, 31.0),
        new("average-end-to-end", "average pooling, end to end", RowMethod.EndToEnd, Average, 37.9),
        new("max-end-to-end", "max pooling, end to end", RowMethod.EndToEnd, Max, 34.7),
        new("rank-end-to-end", "rank pooling, end to end", RowMethod.EndToEnd, Exact, 40.6),
    ];
}
