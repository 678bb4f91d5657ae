using ArgminLayers;
using TorchSharp;

namespace RankPool.Sensitivity;

/// <summary>All measurements on one set of features.</summary>
internal static class SensitivityStudy
{
    /// <summary>Measures.</summary>
    /// <param name="features">Features that do not change.</param>
    /// <param name="settings">How much is measured.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="endToEnd">What training end to end gave.</param>
    /// <param name="tell">Hears what is done.</param>
    /// <param name="interrupted">Set when the user wants to stop.</param>
    /// <exception cref="TrainingException">A problem has no solution, or no derivative.</exception>
    public static SensitivityResults Run(
        FeatureSet features, StudySettings settings, int seed, IReadOnlyList<EndToEndPoint> endToEnd, Action<string> tell, CancellationToken interrupted)
    {
        IReadOnlyList<T> Each<T>(string what, IEnumerable<T> measurements)
        {
            tell($"Measuring {what} ...");
            var list = new List<T>();
            foreach (var measurement in measurements)
            {
                interrupted.ThrowIfCancellationRequested();
                list.Add(measurement);
            }
            return list;
        }

        using var scope = torch.NewDisposeScope();
        var sequences = Sequences(features.Evaluation, settings.Sequences);
        try
        {
            return new SensitivityResults
            {
                Data = features.Name,
                Classes = features.Classes.Count,
                TrainingSequences = features.Training.Sum(batch => batch.Labels.Count),
                EvaluationSequences = features.Evaluation.Sum(batch => batch.Labels.Count),
                EndToEnd = endToEnd,
                Sweep = Each("accuracy, pooled vectors and the solver over C and ε", SweepStudy.Run(features, settings)),
                Derivative = Each("the derivative of the pooled vector in C", DerivativeStudy.Run(sequences, settings.Constants, settings.Epsilon, seed)),
                Stability = Each("stability under changed frames", StabilityStudy.Run(sequences, settings.Constants, settings.Epsilon, settings.Draws, seed)),
                Learned = Each("where gradient descent takes C", settings.Starts.Select(start =>
                    LearnedConstant.Run(features, start, settings.Epsilon, settings.DescentSteps, interrupted))),
            };
        }
        catch (ArgminException exception)
        {
            throw new TrainingException($"The study met a problem that could not be solved: {exception.Message}", exception);
        }
    }

    /// <summary>Sequences spread over all, each of two frames at least that are not all zero.</summary>
    private static List<torch.Tensor> Sequences(IReadOnlyList<FeatureBatch> batches, int count)
    {
        var all = (
            from batch in batches
            from i in Enumerable.Range(0, batch.Labels.Count)
            where batch.Length(i) > 1 && batch.Frames(i).count_nonzero().item<long>() > 0
            select (batch, i)).ToList();
        if (all.Count == 0)
            throw new DataException("No sequence to judge on has two frames with features other than zero, so there is nothing to study.");
        var taken = Math.Min(count, all.Count);
        return [.. Enumerable.Range(0, taken).Select(n => all[n * all.Count / taken]).Select(one => one.batch.Frames(one.i))];
    }
}
