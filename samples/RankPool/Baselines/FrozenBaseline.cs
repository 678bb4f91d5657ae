using RankPool.Pooling;
using RankPool.Training;

namespace RankPool.Baselines;

/// <summary>What came of frozen features, a pooling and a linear classifier.</summary>
/// <param name="C">The C that cross-validation on the training clips has found.</param>
/// <param name="Predictions">What it says about every evaluation clip.</param>
public sealed record FrozenBaseline(double C, IReadOnlyList<Prediction> Predictions)
{
    /// <summary>Pools, trains and judges.</summary>
    /// <exception cref="DataException">The folder cannot be read, or has no clip for training or evaluation.</exception>
    /// <exception cref="TrainingException">The classifier has no solution.</exception>
    public static FrozenBaseline Run(FeatureFolder features, TemporalPooling pooling, CancellationToken interrupted)
    {
        var settings = features.ReadSettings();
        var examples = features.Pool(pooling, interrupted);
        foreach (var (use, list) in examples)
        {
            if (list.Count == 0)
                throw new DataException($"The folder with features has no clip for {use.ToString().ToLowerInvariant()}.");
        }
        var machine = LinearSvm.FitBestC(examples[ClipFor.Training], settings.Classes.Count, settings.MultiLabel, interrupted);
        return new FrozenBaseline(machine.C, [.. examples[ClipFor.Evaluation].Select(machine.Predict)]);
    }
}
