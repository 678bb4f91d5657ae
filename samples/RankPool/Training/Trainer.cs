using System.Diagnostics;
using ArgminLayers;
using RankPool.Data;
using RankPool.Data.Decoding;
using RankPool.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Training;

/// <summary>Trains a video classifier end to end with Adam on the cross-entropy, and evaluates it after every epoch.</summary>
public sealed class Trainer(VideoClassifier model, VideoDataSet data, TrainingSettings settings, int seed, Device device)
{
    // Videos on disk are decoded, used and dropped one by one; the gradient of a batch accumulates.
    private readonly int videosPerPass = data.OnDisk ? 1 : settings.BatchSize;

    private readonly Stopwatch training = new();
    private long framesTrained;

    private double FramesPerSecond => framesTrained / Math.Max(training.Elapsed.TotalSeconds, 1e-9);

    /// <summary>Runs all epochs.</summary>
    /// <exception cref="OperationCanceledException">The user has interrupted.</exception>
    /// <exception cref="DataException">A video cannot be read.</exception>
    /// <exception cref="TrainingException">Training diverged, or rank pooling found no solution.</exception>
    public TrainingResult Run(ITrainingProgress progress, CancellationToken interrupted)
    {
        var clock = Stopwatch.StartNew();
        var epochs = new List<Epoch>();
        var order = Enumerable.Range(0, data.Training.Count).ToArray();
        var random = new Random(seed);
        using var optimizer = new Adam(model.parameters());
        for (var epoch = 1; epoch <= settings.Epochs; epoch++)
        {
            random.Shuffle(order);
            try
            {
                var loss = TrainEpoch(epoch, order, optimizer, progress, interrupted);
                epochs.Add(new Epoch(epoch, loss, Evaluate(interrupted)));
            }
            catch (ArgminException exception)
            {
                throw new TrainingException(Explain(exception, epoch), exception);
            }
            progress.Finished(epochs[^1], FramesPerSecond);
        }
        return new TrainingResult(epochs, epochs[^1].Accuracy, FramesPerSecond, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Mean per-class accuracy on the evaluation videos.</summary>
    public double Evaluate(CancellationToken interrupted)
    {
        var accuracy = new Accuracy(data.Classes.Count);
        model.eval();
        using var noGradient = no_grad();
        foreach (var read in ReadAhead.Read(data, data.Evaluation, interrupted).Chunk(videosPerPass))
        {
            using var scope = NewDisposeScope();
            using var batch = VideoBatch.Of([.. read.Select(entry => entry.Video)], device);
            var answers = model.call(batch).argmax(1).cpu().data<long>();
            for (var i = 0; i < read.Length; i++)
                accuracy.Add(read[i].Clip.Label, (int)answers[i]);
        }
        return accuracy.Mean;
    }

    private double TrainEpoch(int epoch, int[] order, Adam optimizer, ITrainingProgress progress, CancellationToken interrupted)
    {
        model.train();
        var (sum, videos) = (0.0, 0);
        foreach (var step in order.Chunk(settings.BatchSize))
        {
            training.Start();
            optimizer.ZeroGradient();
            foreach (var clips in step.Select(index => data.Training[index]).Chunk(videosPerPass))
            {
                interrupted.ThrowIfCancellationRequested();
                var loss = AccumulateGradient(clips, step.Length);
                if (!double.IsFinite(loss))
                    throw new TrainingException(FormattableString.Invariant($"Training diverged: the loss in epoch {epoch} is {loss}; try a lower --learning-rate."));
                sum += loss;
            }
            optimizer.Step(settings.LearningRateAt(epoch));
            training.Stop();
            videos += step.Length;
            progress.Report(epoch, videos, FramesPerSecond);
        }
        return sum / order.Length;
    }

    /// <summary>Adds the gradient of these clips' share of a step's mean loss, and returns the sum of their losses.</summary>
    private double AccumulateGradient(Clip[] clips, int stepLength)
    {
        using var scope = NewDisposeScope();
        using var batch = Read(clips);
        using Scalar videosPerStep = stepLength;
        var labels = tensor(clips.Select(clip => (long)clip.Label).ToArray()).to(device);
        var loss = model.AccumulateGradient(
            batch, scores => nn.functional.cross_entropy(scores, labels, reduction: nn.Reduction.Sum).div(videosPerStep));
        framesTrained += batch.FrameCount;
        return loss * stepLength;
    }

    private static string Explain(ArgminException exception, int epoch)
    {
        if (exception.Failures.Any(failure => failure.Status == ArgminStatus.InputNotFinite))
            return FormattableString.Invariant($"Training diverged: the features in epoch {epoch} are not finite; try a lower --learning-rate.");
        var reason = exception.Failures.Count > 0 ? exception.Failures[0].Status.Sentence() : exception.Message;
        return FormattableString.Invariant($"Rank pooling failed in epoch {epoch}, and a lower --C may help: {reason}");
    }

    private VideoBatch Read(IReadOnlyList<Clip> clips) => VideoBatch.Of([.. clips.Select(clip => clip.Read())], device);
}
