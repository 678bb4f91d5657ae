namespace RankPool.Training;

/// <summary>How good predictions are. Classes that do not occur are left out of every mean.</summary>
public static class Metrics
{
    /// <summary>What is usual for the data: mean average precision where a video may have several labels, mean per-class accuracy where it has one.</summary>
    public static double Of(IReadOnlyList<Prediction> predictions, int classCount, bool multiLabel) => Mean(PerClass(predictions, classCount, multiLabel));

    /// <summary>The average precision or accuracy of every class; not a number for a class that does not occur.</summary>
    public static double[] PerClass(IReadOnlyList<Prediction> predictions, int classCount, bool multiLabel) =>
        [.. Enumerable.Range(0, classCount).Select(label => multiLabel ? AveragePrecision(predictions, label) : Accuracy(predictions, label))];

    /// <summary>The mean of the numbers that are numbers.</summary>
    public static double Mean(IEnumerable<double> perClass) => perClass.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>
    /// The mean of the precision at every video that shows the class, videos in the order of falling scores: <c>Σ_n (R_n − R_{n−1}) P_n</c> without interpolation. Videos of equal
    /// score count as one step, so that their order has no influence.
    /// </summary>
    public static double AveragePrecision(IReadOnlyList<Prediction> predictions, int label)
    {
        var positives = predictions.Count(prediction => prediction.Labels.Contains(label));
        if (positives == 0)
            return double.NaN;
        var (sum, found, seen) = (0.0, 0, 0);
        foreach (var step in predictions.GroupBy(prediction => prediction.Scores[label]).OrderByDescending(group => group.Key))
        {
            var hits = step.Count(prediction => prediction.Labels.Contains(label));
            found += hits;
            seen += step.Count();
            sum += hits * ((double)found / seen);
        }
        return sum / positives;
    }

    private static double Accuracy(IReadOnlyList<Prediction> predictions, int label)
    {
        var ofClass = predictions.Where(prediction => prediction.Labels[0] == label).ToList();
        return ofClass.Count == 0 ? double.NaN : ofClass.Count(prediction => prediction.Answer == label) / (double)ofClass.Count;
    }
}
