using RankPool.Training;

namespace RankPool.Reproduction;

/// <summary>A row of the table: the runs of all seeds together.</summary>
/// <param name="Row">The row.</param>
/// <param name="Runs">One run for every seed.</param>
/// <param name="Score">The mean over the seeds, in percent.</param>
/// <param name="Low">The lower end of the interval that holds the score with 95 % confidence, in percent.</param>
/// <param name="High">Its upper end.</param>
public sealed record RowSummary(PaperRow Row, IReadOnlyList<RowRun> Runs, double Score, double Low, double High)
{
    private const int Resamples = 1000;
    private const double Tail = 0.025;

    /// <summary>Puts the runs of a row together.</summary>
    /// <param name="row">The row.</param>
    /// <param name="runs">Its runs, at least one.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="multiLabel">Whether average precision counts.</param>
    /// <remarks>
    /// The interval is that of the bootstrap (Efron 1979): clips and seeds are drawn anew 1000 times, with replacement, and the outer 2.5 % on both sides are cut off.
    /// It says how far the score would move on other clips and seeds of the same kind. Average precision is higher where clips are drawn twice, so its draws are
    /// shifted to have the score as their mean.
    /// </remarks>
    public static RowSummary Of(PaperRow row, IReadOnlyList<RowRun> runs, int classCount, bool multiLabel)
    {
        var random = new Random(0);
        // A clip that one seed could read and another could not is in neither.
        var common = runs.Select(run => run.Predictions.Select(prediction => prediction.Clip)).Aggregate((first, second) => first.Intersect(second)).ToList();
        var predictions = runs.Select(run => run.Predictions.ToDictionary(prediction => prediction.Clip)).ToList();
        var scores = new double[Resamples];
        for (var i = 0; i < Resamples; i++)
        {
            var drawn = common.ConvertAll(_ => common[random.Next(common.Count)]);
            scores[i] = predictions.ConvertAll(_ => predictions[random.Next(predictions.Count)])
                .Average(run => Metrics.Of(drawn.ConvertAll(clip => run[clip]), classCount, multiLabel));
        }
        Array.Sort(scores);
        var score = runs.Average(run => run.Score);
        var shift = multiLabel ? score - Metrics.Mean(scores) : 0;
        double Percentile(int i) => 100 * Math.Clamp(scores[i] + shift, 0, 1);
        return new RowSummary(row, runs, 100 * score, Percentile((int)(Tail * Resamples)), Percentile((int)((1 - Tail) * Resamples) - 1));
    }
}
