using System.CommandLine;
using RankPool.Baselines;
using RankPool.Data;
using RankPool.Data.Decoding;
using RankPool.Networks;
using RankPool.Reports;
using TorchSharp;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary><c>rankpool extract</c>: the features of every frame of a data set, for experiments with a frozen network.</summary>
internal static class ExtractCommand
{
    private const int ClipsPerLine = 50;

    public static Command Create(TextWriter output, CancellationToken interrupted)
    {
        var command = new Command("extract", "Write the L2-normalised features of every frame as .npy files, one for each clip.");
        var data = new DataOptions(embedded: false);
        var network = new NetworkOptions(NetworkChoice.Tiny);
        var evaluateOn = Word("--evaluate-on", "The clips beside those for training.", "test", "test", "validation");
        var folder = Folder("--out", "Where the features go. Work that was stopped goes on. [default: artifacts/features]");
        data.AddTo(command);
        network.AddTo(command);
        command.Add(evaluateOn);
        command.Add(folder);
        command.SetAction(arguments => Extract(
            data.Read(arguments)!, data.ReadCache(arguments), network.Read(arguments, onDisk: true),
            arguments.GetRequiredValue(evaluateOn) == "test" ? Evaluation.Test : Evaluation.Validation,
            arguments.GetValue(folder) ?? Path.Combine("artifacts", "features"), output, interrupted));
        return command;
    }

    private static void Extract(
        DataRequest request, CacheChoice cacheChoice, NetworkRequest network, Evaluation evaluation, string folder, TextWriter output, CancellationToken interrupted)
    {
        var console = Terminal.On(output);
        var data = request.Read(network.FrameSize, evaluation);
        Terminal.WriteLine(console, $"Data: {data.Name}, {data.Split}");
        var (frames, import) = network.Create(data.FrameSize);
        using var model = new FrameClassifier(frames, data.Classes.Count) { FramesPerChunk = network.FramesPerChunk };
        if (import is not null)
            Terminal.WriteLine(console, import.ToString());
        var device = torch.device(network.Device);
        model.to(device);
        // Every clip is read once, so nothing is gained by keeping its frames, unless for later runs.
        using var cache = cacheChoice.Folder is null ? null : new FrameCache(cacheChoice.Folder, cacheChoice.MostBytes);
        data = cache?.Of(data) ?? data;
        var total = data.Training.Count + data.Evaluation.Count;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        new FeatureFolder(folder).Write(model, data, FeatureFolder.SettingsOf(data, network), device, (done, framesDone) =>
        {
            if (done % ClipsPerLine == 0 || done == total)
            {
                Terminal.WriteLine(console, FormattableString.Invariant(
                    $"{done} of {total} clips, {Figures.Rate(framesDone / clock.Elapsed.TotalSeconds)} frames/s, {Figures.TimeLeft(clock.Elapsed, done, total)} left"));
            }
        }, interrupted);
        foreach (var file in data.Skipped?.List ?? [])
            Terminal.WriteLine(console, "Left out: " + file.Reason);
        Terminal.WriteLine(console, $"Written: '{folder}'");
    }
}
