using RankPool.Data;
using RankPool.Data.Decoding;
using RankPool.Data.Reversible;
using RankPool.Files;
using RankPool.Networks;
using RankPool.Reports;
using RankPool.Training;
using RankPool.Weights;
using Spectre.Console;
using TorchSharp;

namespace RankPool.Commands;

/// <summary>One network trained with one pooling after the other, and what came of it written down after each.</summary>
internal sealed record Experiment
{
    /// <summary>The data set on disk; the embedded videos where null.</summary>
    public required DataRequest? Data { get; init; }

    /// <summary>Where the frames of data on disk are kept.</summary>
    public required CacheChoice Cache { get; init; }

    public required Evaluation Evaluation { get; init; }

    /// <summary>Scenes per motion for training on embedded videos; null for data on disk.</summary>
    public required int? Scenes { get; init; }

    public required NetworkRequest Network { get; init; }

    /// <summary>The folder that results go to.</summary>
    public required string Output { get; init; }

    /// <summary>Whether standard output gets the results as JSON.</summary>
    public required bool Json { get; init; }

    public required TrainingSettings Settings { get; init; }

    /// <summary>Whether to go on from the checkpoints in <see cref="Output"/>.</summary>
    public required bool Resume { get; init; }

    /// <summary>The longest time between two checkpoints.</summary>
    public required TimeSpan CheckpointEvery { get; init; }

    /// <summary>Trains with every choice.</summary>
    /// <exception cref="DataException">The data cannot be read, or results cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The user has interrupted; finished results are written.</exception>
    public void Run(IReadOnlyList<PoolingChoice> choices, TextWriter output, TextWriter error, CancellationToken interrupted)
    {
        var console = Terminal.On(Json ? error : output);
        WithData(console, data => Run(choices, data, console, output, interrupted));
    }

    /// <summary>Reads the list of videos, tells what they are, and keeps their frames for as long as they are used.</summary>
    /// <exception cref="DataException">The data cannot be read.</exception>
    public void WithData(IAnsiConsole console, Action<VideoDataSet> use)
    {
        var data = Data?.Read(Network.FrameSize, Evaluation) ?? ReversibleVideos.Create(Network.Seed, Evaluation, Scenes!.Value, Scenes.Value / 2);
        if (data.MultiLabel && Settings.Loss == Loss.CrossEntropy)
            throw new UsageException($"--loss {Loss.CrossEntropy} needs one label per video, and {data.Name} has several; use --loss {Loss.Hinge}.");
        using var cache = data.OnDisk ? new FrameCache(Cache.Folder, Cache.MostBytes) : null;
        data = cache?.Of(data) ?? data;
        Terminal.WriteLine(console, $"Data: {data.Name}, {data.Split}");
        use(data);
    }

    /// <summary>A network to train: the same first weights for every pooling.</summary>
    public VideoModel CreateModel(PoolingChoice choice, VideoDataSet data)
    {
        var model = Settings.CreateModel(choice, Network.Create(data.FrameSize).Network, data.Classes.Count);
        model.to(torch.device(Network.Device));
        return model;
    }

    private void Run(IReadOnlyList<PoolingChoice> choices, VideoDataSet data, IAnsiConsole console, TextWriter output, CancellationToken interrupted)
    {
        var folder = new ResultsFolder(Output);
        Checkpoint CheckpointOf(PoolingChoice choice) => new(folder.CheckpointFile(choice), Identity(choice, data));
        if (!Resume && choices.FirstOrDefault(choice => CheckpointOf(choice).IsUnfinished(Settings.Epochs)) is { } stopped)
            throw new UsageException($"'{folder.CheckpointFile(stopped)}' is of a run that was stopped: add --resume to go on with it, or delete it, or choose another --out.");
        if (Resume && !choices.Any(choice => CheckpointOf(choice).Exists))
            throw new UsageException($"--resume finds no checkpoint in '{Output}'; leave it out, or name the folder of the run that was stopped with --out.");
        folder.Begin(new
        {
            Data = data.Name, data.Split, data.Classes, data.FrameSize, data.OrderBlindCeiling,
            Data?.Root, Scenes, Evaluation, Network.Seed, Network.Device, Network.Weights, Training = Settings,
        });
        var (network, import) = Network.Create(data.FrameSize);
        network.Dispose();
        if (import is not null)
            Terminal.WriteLine(console, import.ToString());
        var results = new List<Result>();
        Displays.For(console).Show(choices, Settings.Epochs, data.Training.Count, progressOf =>
        {
            foreach (var choice in choices)
            {
                var result = Train(choice, data, folder, CheckpointOf(choice), progressOf(choice), interrupted);
                results.Add(new Result(choice, result, data.Chance));
                folder.WriteResults(results);
                folder.WriteLearningCurves(results, data);
            }
        });

        ResultsTable.Write(console, results, data);
        if (data.Skipped is { List: { Count: > 0 } skipped })
            folder.WriteSkipped(console, skipped);
        Terminal.WriteLine(console, $"Written: {folder.ResultsFile} and {folder.CurvesFile}");
        if (Json)
            output.WriteLine(ResultsFolder.ToJson(results));
    }

    private TrainingResult Train(
        PoolingChoice choice, VideoDataSet data, ResultsFolder folder, Checkpoint checkpoint, ITrainingProgress progress, CancellationToken interrupted)
    {
        using var model = CreateModel(choice, data);
        using var events = new EventFile(folder.EventsFolder(choice), DateTimeOffset.UtcNow, goesOn: Resume && checkpoint.Exists);
        var trainer = new Trainer(model, data, Settings, Network.Seed, torch.device(Network.Device))
        {
            Checkpoint = checkpoint, Resume = Resume, CheckpointEvery = CheckpointEvery, Events = events,
        };
        var result = trainer.Run(progress, interrupted);
        AtomicFile.Write(folder.WeightsFile(choice), stream => Safetensors.Write(stream, model.state_dict(), new Dictionary<string, string>
        {
            ["network"] = Settings.Network, ["pooling"] = choice.ToString(), ["classes"] = string.Join('\n', data.Classes),
        }));
        return result;
    }

    /// <summary>What a training run depends on. Frames per chunk change nothing but memory.</summary>
    private object Identity(PoolingChoice choice, VideoDataSet data) => new
    {
        choice, data = data.Name, data.FrameSize, data.Classes, data.Split, Network.Seed, Network.Weights,
        Settings = Settings with { FramesPerChunk = 0 },
    };
}
