using RankPool.Data;
using RankPool.Data.Reversible;
using RankPool.Data.Decoding;
using RankPool.Networks;
using RankPool.Reports;
using RankPool.Training;
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

    /// <summary>The size of frames that are read from disk.</summary>
    public required FrameSize FrameSize { get; init; }

    public required int Seed { get; init; }

    public required DeviceType Device { get; init; }

    /// <summary>The folder that results go to.</summary>
    public required string Output { get; init; }

    /// <summary>Whether standard output gets the results as JSON.</summary>
    public required bool Json { get; init; }

    public required TrainingSettings Settings { get; init; }

    /// <summary>Trains with every choice.</summary>
    /// <exception cref="DataException">The data cannot be read, or results cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The user has interrupted; finished results are written.</exception>
    public void Run(IReadOnlyList<PoolingChoice> choices, TextWriter output, TextWriter error, CancellationToken interrupted)
    {
        var console = Terminal.On(Json ? error : output);
        var data = Data?.Read(FrameSize, Evaluation) ?? ReversibleVideos.Create(Seed, Evaluation, Scenes!.Value, Scenes.Value / 2);
        using var cache = data.OnDisk ? new FrameCache(Cache.Folder, Cache.MostBytes) : null;
        data = cache?.Of(data) ?? data;
        Terminal.WriteLine(console, $"Data: {data.Name}, {data.Split}");

        var folder = new ResultsFolder(Output);
        folder.Begin(new
        {
            Data = data.Name, data.Split, data.Classes, data.FrameSize, data.OrderBlindCeiling,
            Data?.Root, Scenes, Evaluation, Seed, Device, Training = Settings,
        });
        var results = new List<Result>();
        Displays.For(console).Show(choices, Settings.Epochs, data.Training.Count, progressOf =>
        {
            foreach (var choice in choices)
            {
                var result = Train(choice, data, progressOf(choice), interrupted);
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

    private TrainingResult Train(PoolingChoice choice, VideoDataSet data, ITrainingProgress progress, CancellationToken interrupted)
    {
        // The same first weights and the same order of videos for every pooling.
        torch.manual_seed(Seed);
        var device = torch.device(Device);
        using var pooling = choice.Create(Settings.C, Settings.Epsilon);
        using var network = NetworkChoice.Of(Settings.Network).Create(data.FrameSize, Settings.FeatureCount);
        using var model = new VideoClassifier(network, pooling, data.Classes.Count) { FramesPerChunk = Settings.FramesPerChunk };
        model.to(device);
        return new Trainer(model, data, Settings, Seed, device).Run(progress, interrupted);
    }
}
