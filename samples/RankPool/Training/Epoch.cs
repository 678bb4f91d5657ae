using System.Text.Json.Serialization;

namespace RankPool.Training;

/// <summary>What one pass over the training videos came to.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Loss">Mean loss over the training videos while they were trained on.</param>
/// <param name="Accuracy">Mean per-class accuracy, or mean average precision where videos have several labels, on the evaluation videos after the pass.</param>
public sealed record Epoch(int Number, double Loss, double Accuracy);

/// <summary>What a training run came to.</summary>
/// <param name="Epochs">Every epoch, in order.</param>
/// <param name="FramesPerSecond">Frames trained on (read, forward, backward and optimizer step) per second, evaluation left out.</param>
/// <param name="Seconds">The run's duration, evaluation included.</param>
/// <param name="Predictions">What the model says about every evaluation video after the last epoch.</param>
public sealed record TrainingResult(
    IReadOnlyList<Epoch> Epochs, double FramesPerSecond, double Seconds, [property: JsonIgnore] IReadOnlyList<Prediction> Predictions)
{
    /// <summary>The accuracy, or mean average precision, after the last epoch.</summary>
    public double Accuracy => Epochs[^1].Accuracy;
}

/// <summary>Hears how a training run goes on. Called on the thread that trains.</summary>
public interface ITrainingProgress
{
    /// <summary>Part of an epoch is done.</summary>
    /// <param name="epoch">The epoch under way, counted from 1.</param>
    /// <param name="videos">Training videos done in it.</param>
    /// <param name="framesPerSecond">Frames per second so far.</param>
    void Report(int epoch, int videos, double framesPerSecond);

    /// <summary>An epoch and its evaluation are done.</summary>
    void Finished(Epoch epoch, double framesPerSecond);
}
