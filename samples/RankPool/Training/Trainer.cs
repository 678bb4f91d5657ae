using System.Diagnostics;
using ArgminLayers;
using RankPool.Data;
using RankPool.Data.Decoding;
using RankPool.Networks;
using RankPool.Training.Optimizers;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Training;

/// <summary>Trains a video model end to end, and evaluates it after every epoch.</summary>
public sealed class Trainer(VideoModel model, VideoDataSet data, TrainingSettings settings, int seed, Device device)
{
    // Videos on disk are used and dropped one by one; the gradient of a batch accumulates.
    private readonly int videosPerPass = data.OnDisk ? 1 : settings.BatchSize;

    private readonly Stopwatch training = new();
    private readonly Stopwatch all = new();
    private readonly Stopwatch sinceCheckpoint = new();
    private TrainingState state = new();

    /// <summary>Where the run goes on from, and what it writes; none where null.</summary>
    public Checkpoint? Checkpoint { get; init; }

    /// <summary>Whether to go on from <see cref="Checkpoint"/> where there is one.</summary>
    public bool Resume { get; init; }

    /// <summary>The longest time between two checkpoints; there is one after every epoch too.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Where the curves go for TensorBoard; nowhere where null.</summary>
    public EventFile? Events { get; init; }

    private double FramesPerSecond => state.Frames / Math.Max(state.TrainingSeconds + training.Elapsed.TotalSeconds, 1e-9);

    /// <summary>Runs all epochs that are not done.</summary>
    /// <exception cref="OperationCanceledException">The user has interrupted; the checkpoint holds what was done.</exception>
    /// <exception cref="DataException">A video cannot be read, or a checkpoint cannot be read or written.</exception>
    /// <exception cref="TrainingException">Training diverged, or rank pooling found no solution, or memory ran out.</exception>
    public TrainingResult Run(ITrainingProgress progress, CancellationToken interrupted)
    {
        all.Restart();
        sinceCheckpoint.Restart();
        using var optimizer = settings.CreateOptimizer(model.parameters());
        if (Resume && Checkpoint is { Exists: true })
            state = Checkpoint.Load(model, optimizer);
        var order = Enumerable.Range(0, data.Training.Count).ToArray();
        var random = new Random(seed);
        IReadOnlyList<Prediction>? predictions = null;
        for (var epoch = 1; epoch <= settings.Epochs; epoch++)
        {
            random.Shuffle(order); // Once for every epoch, those already done included.
            if (epoch <= state.Epochs.Count)
                continue;
            try
            {
                predictions = Explained(epoch, () =>
                {
                    TrainEpoch(epoch, order, optimizer, progress, interrupted);
                    return Evaluate(interrupted);
                });
            }
            catch (OperationCanceledException)
            {
                Save(optimizer);
                throw;
            }
            Finish(new Epoch(epoch, state.Videos == 0 ? double.NaN : state.LossSum / state.Videos, Metrics.Of(predictions, data.Classes.Count, data.MultiLabel)));
            Save(optimizer);
            progress.Finished(state.Epochs[^1], FramesPerSecond);
        }
        return new TrainingResult(state.Epochs, FramesPerSecond, state.Seconds + all.Elapsed.TotalSeconds, predictions ?? Explained(settings.Epochs, () => Evaluate(interrupted)));
    }

    /// <summary>What the model says about the evaluation videos.</summary>
    public IReadOnlyList<Prediction> Evaluate(CancellationToken interrupted)
    {
        var predictions = new List<Prediction>();
        model.eval();
        using var noGradient = no_grad();
        foreach (var read in ReadAhead.Read(data, data.Evaluation, interrupted).Chunk(videosPerPass))
        {
            using var scope = NewDisposeScope();
            using var batch = VideoBatch.Of([.. read.Select(entry => entry.Video)], device);
            var scores = model.call(batch).to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
            predictions.AddRange(read.Zip(scores.Chunk(data.Classes.Count), (entry, row) => new Prediction(entry.Clip.Name, entry.Clip.Labels, row)));
        }
        if (predictions.Count == 0)
            throw new DataException("No video is left to evaluate on: none of them can be read.");
        return predictions;
    }

    private void TrainEpoch(int epoch, int[] order, Optimizer optimizer, ITrainingProgress progress, CancellationToken interrupted)
    {
        model.train();
        var steps = order.Chunk(settings.BatchSize).Skip(state.StepsInEpoch).ToList();
        using var videos = ReadAhead.Read(data, steps.SelectMany(step => step.Select(index => data.Training[index])), interrupted).GetEnumerator();
        var waiting = videos.MoveNext();
        foreach (var step in steps)
        {
            interrupted.ThrowIfCancellationRequested();
            training.Start();
            var clips = step.Select(index => data.Training[index]).ToHashSet(ReferenceEqualityComparer.Instance);
            optimizer.ZeroGradient();
            var (sum, count, frames) = (0.0, 0, 0L);
            var pass = new List<(Clip Clip, Video Video)>();
            while (true)
            {
                // A clip that cannot be read and is left out is not there; the next one may belong to the next step.
                var mine = waiting && clips.Remove(videos.Current.Clip);
                if (mine)
                    pass.Add(videos.Current);
                if (pass.Count == videosPerPass || (!mine && pass.Count > 0))
                {
                    frames += pass.Sum(entry => (long)entry.Video.Frames);
                    sum += AccumulateGradient(pass, step.Length, epoch);
                    count += pass.Count;
                    pass = [];
                }
                if (!mine)
                    break;
                waiting = videos.MoveNext();
            }
            if (count > 0)
                optimizer.Step(settings.LearningRateAt(epoch));
            training.Stop();
            state = state with
            {
                StepsInEpoch = state.StepsInEpoch + 1, LossSum = state.LossSum + sum, Videos = state.Videos + count, Frames = state.Frames + frames,
                OptimizerSteps = optimizer.Steps,
            };
            progress.Report(epoch, Math.Min(state.StepsInEpoch * settings.BatchSize, order.Length), FramesPerSecond);
            if (sinceCheckpoint.Elapsed > CheckpointEvery)
                Save(optimizer);
        }
        if (state.Videos == 0)
            throw new DataException("No video is left to train on: none of them can be read.");
    }

    /// <summary>Adds the gradient of these videos' share of a step's mean loss, and returns the sum of their losses.</summary>
    private double AccumulateGradient(IReadOnlyList<(Clip Clip, Video Video)> read, int stepLength, int epoch)
    {
        using var scope = NewDisposeScope();
        using var batch = VideoBatch.Of([.. read.Select(entry => entry.Video)], device);
        using Scalar videosPerStep = stepLength;
        var clips = read.Select(entry => entry.Clip).ToList();
        var rows = model.Rows(batch);
        var loss = model.AccumulateGradient(batch, scores => Loss.Sum(settings.Loss, scores, rows, clips).div(videosPerStep)) * stepLength;
        return double.IsFinite(loss)
            ? loss
            : throw new TrainingException(FormattableString.Invariant($"Training diverged: the loss in epoch {epoch} is {loss}; try a lower --learning-rate."));
    }

    private void Finish(Epoch epoch)
    {
        state = state with { Epochs = [.. state.Epochs, epoch], StepsInEpoch = 0, LossSum = 0, Videos = 0 };
        Events?.Write(epoch.Number, [
            ("loss/training", epoch.Loss), (data.MultiLabel ? "mAP/evaluation" : "accuracy/evaluation", epoch.Accuracy),
            ("learning-rate", settings.LearningRateAt(epoch.Number)), ("frames-per-second", FramesPerSecond)]);
    }

    private void Save(Optimizer optimizer)
    {
        // The clocks go on from 0 and what they showed into the state.
        state = state with
        {
            TrainingSeconds = state.TrainingSeconds + training.Elapsed.TotalSeconds, Seconds = state.Seconds + all.Elapsed.TotalSeconds,
        };
        training.Reset();
        all.Restart();
        Checkpoint?.Save(model, optimizer, state);
        sinceCheckpoint.Restart();
    }

    /// <summary>Does a part of the training, and turns what can happen to it into a sentence.</summary>
    private IReadOnlyList<Prediction> Explained(int epoch, Func<IReadOnlyList<Prediction>> work)
    {
        try
        {
            return work();
        }
        catch (ArgminException exception)
        {
            throw new TrainingException(Explain(exception, epoch), exception);
        }
        catch (Exception exception) when (OutOfMemory.Is(exception))
        {
            throw new TrainingException(FormattableString.Invariant(
                $"Memory ran out in epoch {epoch}: lower --frames-per-chunk (it is {settings.FramesPerChunk}), then {(data.OnDisk ? "--frame-side" : "--batch-size")}."), exception);
        }
    }

    private static string Explain(ArgminException exception, int epoch)
    {
        if (exception.Failures.Any(failure => failure.Status == ArgminStatus.InputNotFinite))
            return FormattableString.Invariant($"Training diverged: the features in epoch {epoch} are not finite; try a lower --learning-rate.");
        return FormattableString.Invariant($"Rank pooling failed in epoch {epoch}, and a lower --C may help: {SolverFailure.Reason(exception)}");
    }
}
