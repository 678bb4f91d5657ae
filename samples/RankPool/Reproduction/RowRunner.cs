using System.Diagnostics;
using RankPool.Baselines;
using RankPool.Data;
using RankPool.Files;
using RankPool.Networks;
using RankPool.Reports;
using RankPool.Training;
using RankPool.Weights;
using TorchSharp;

namespace RankPool.Reproduction;

/// <summary>Runs rows of a table.</summary>
/// <param name="settings">What they depend on.</param>
/// <param name="data">The clips, with their frames kept.</param>
/// <param name="folder">Where everything goes.</param>
/// <param name="say">Hears a line whenever there is something to tell.</param>
internal sealed class RowRunner(ReproductionSettings settings, VideoDataSet data, ReproductionFolder folder, Action<string> say)
{
    private const double MiB = 1 << 20;

    private readonly torch.Device device = torch.device(settings.Network.Device);
    private double peakMemory;

    private TrainingSettings Training => settings.Training;

    /// <summary>The seeds that a row is run with: one is enough where nothing is left to chance.</summary>
    public IReadOnlyList<int> SeedsOf(PaperRow row) =>
        row.Method == RowMethod.Frozen && settings.Network.Weights is not null ? [settings.Seeds[0]] : settings.Seeds;

    /// <summary>Runs a row with a seed, going on from its checkpoint where there is one.</summary>
    /// <exception cref="DataException">A clip cannot be read, or a file cannot be written.</exception>
    /// <exception cref="TrainingException">Training came to no result.</exception>
    public RowRun Run(PaperRow row, int seed, CancellationToken interrupted)
    {
        peakMemory = 0;
        LookAtMemory();
        var run = row.Method switch
        {
            RowMethod.Frozen => RunSvm(row, seed, "frozen", settings.Network.Weights, interrupted),
            RowMethod.FineTuned => RunSvm(row, seed, "fine-tuned", folder.WeightsFile(PaperTables.FrameLevelId, seed), interrupted),
            _ => Train(row, seed, interrupted),
        };
        LookAtMemory();
        return run with { PeakMemoryMiB = Math.Round(peakMemory) };
    }

    private RowRun RunSvm(PaperRow row, int seed, string kind, string? weights, CancellationToken interrupted)
    {
        var clock = Stopwatch.StartNew();
        var network = settings.Network with { Seed = seed, Weights = weights };
        var features = new FeatureFolder(folder.FeatureFolder(kind, seed));
        using (var model = new FrameClassifier(network.Create(data.FrameSize).Network, data.Classes.Count) { FramesPerChunk = settings.Training.FramesPerChunk })
        {
            model.to(device);
            features.Write(model, data, FeatureFolder.SettingsOf(data, network), device, (_, _) => LookAtMemory(), interrupted);
        }
        using var pooling = row.Pooling.Create(settings.Training.C, settings.Training.Epsilon);
        var outcome = FrozenBaseline.Run(features, pooling, interrupted);
        say(FormattableString.Invariant($"{row.Name}, seed {seed}: {Figures.Percent(Score(outcome.Predictions))} with C = {outcome.C} of the classifier"));
        return new RowRun
        {
            Row = row.Id, Seed = seed, Score = Score(outcome.Predictions), Predictions = outcome.Predictions, SvmC = outcome.C, Seconds = clock.Elapsed.TotalSeconds,
        };
    }

    private RowRun Train(PaperRow row, int seed, CancellationToken interrupted)
    {
        var request = settings.Network with { Seed = seed };
        using var model = settings.Training.CreateModel(row.Pooling, request.Create(data.FrameSize).Network, data.Classes.Count);
        model.to(device);
        var identity = new { row.Id, seed, Training = data.Training.Count, Settings = settings.Training with { FramesPerChunk = 0 }, settings.Network.Weights };
        var checkpoint = new Checkpoint(folder.CheckpointFile(row.Id, seed), identity);
        using var events = new EventFile(folder.EventsFolder(row.Id, seed), DateTimeOffset.UtcNow, goesOn: checkpoint.Exists);
        var trainer = new Trainer(model, data, settings.Training, seed, device)
        {
            Checkpoint = checkpoint, Resume = true, Events = events,
        };
        var result = trainer.Run(new Progress(this, row, seed), interrupted);
        AtomicFile.Write(folder.WeightsFile(row.Id, seed), stream => Safetensors.Write(stream, model.state_dict(), new Dictionary<string, string> { ["row"] = row.Name }));
        return new RowRun
        {
            Row = row.Id, Seed = seed, Score = Score(result.Predictions), Predictions = result.Predictions, Epochs = result.Epochs,
            FramesPerSecond = result.FramesPerSecond, Seconds = result.Seconds,
        };
    }

    private double Score(IReadOnlyList<Prediction> predictions) => Metrics.Of(predictions, data.Classes.Count, data.MultiLabel);

    private void Say(string line) => say(line);

    private void LookAtMemory() => peakMemory = Math.Max(peakMemory, Environment.WorkingSet / MiB);

    private sealed class Progress(RowRunner runner, PaperRow row, int seed) : ITrainingProgress
    {
        private readonly EpochClock clock = new(runner.Training.Epochs);

        public void Report(int epoch, int videos, double framesPerSecond)
        {
            clock.Working(epoch);
            runner.LookAtMemory();
        }

        public void Finished(Epoch epoch, double framesPerSecond) => runner.Say(FormattableString.Invariant(
            $"{row.Name}, seed {seed}: epoch {epoch.Number}/{runner.Training.Epochs}, loss {Figures.Loss(epoch.Loss)}, {Figures.Percent(epoch.Accuracy)}, {Figures.Rate(framesPerSecond)} frames/s, {clock.LeftAfter(epoch.Number)} left"));
    }
}
