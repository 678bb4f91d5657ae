using RankPool.Data;
using RankPool.Data.Decoding;
using RankPool.Networks;
using RankPool.Reports;
using RankPool.Sensitivity;
using RankPool.Training;
using Spectre.Console;
using TorchSharp;

namespace RankPool.Commands;

/// <summary>One run of <c>rankpool sensitivity</c>.</summary>
internal sealed record SensitivityWork
{
    public required Experiment Experiment { get; init; }

    /// <summary>The folder of features that were extracted before; null for videos.</summary>
    public required string? Sequences { get; init; }

    public required StudySettings Study { get; init; }

    /// <summary>Measures and writes the report.</summary>
    /// <exception cref="DataException">The data cannot be read, or the report cannot be written.</exception>
    /// <exception cref="TrainingException">A network could not be trained.</exception>
    public void Run(TextWriter output, IAnsiConsole console, CancellationToken interrupted)
    {
        if (Sequences is not null)
        {
            using var features = SequenceFolders.Read(Sequences, interrupted);
            Report(features, [], output, console, interrupted);
            return;
        }
        Experiment.WithData(console, data =>
        {
            if (data.MultiLabel)
                throw new UsageException($"sensitivity needs one label per video, and {data.Name} has several.");
            // Features that do not depend on C: trained through approximate rank pooling, which has none.
            Terminal.WriteLine(console, "Training the network whose features the study is made on, with approximate-rank pooling ...");
            using var features = Train(data, new PoolingChoice(PoolingChoice.ApproximateRank), 1, interrupted, (model, _) => Extract(model, data, interrupted));
            var endToEnd = new List<EndToEndPoint>();
            foreach (var c in Study.EndToEnd)
            {
                endToEnd.Add(Train(data, new PoolingChoice(PoolingChoice.Rank, PoolingChoice.Exact), c, interrupted, (_, result) =>
                    new EndToEndPoint(c, Math.Round(result.Accuracy, 6), result.Epochs[^1].Loss)));
                Terminal.WriteLine(console, FormattableString.Invariant($"Trained end to end with C = {c:g2}: accuracy {Figures.Percent(endToEnd[^1].Accuracy)}"));
            }
            Report(features, endToEnd, output, console, interrupted);
        });
    }

    private T Train<T>(VideoDataSet data, PoolingChoice choice, double c, CancellationToken interrupted, Func<VideoModel, TrainingResult, T> use)
    {
        var run = Experiment with { Settings = Experiment.Settings with { C = c, Epsilon = Study.Epsilon } };
        using var model = run.CreateModel(choice, data);
        var result = new Trainer(model, data, run.Settings, run.Network.Seed, torch.device(run.Network.Device)).Run(new Silence(), interrupted);
        return use(model, result);
    }

    private FeatureSet Extract(VideoModel model, VideoDataSet data, CancellationToken interrupted)
    {
        using var noGradient = torch.no_grad();
        model.eval();
        IReadOnlyList<FeatureBatch> Features(IReadOnlyList<Clip> clips) => FeatureSet.Batch(ReadAhead.Read(data, clips, interrupted).Select(read =>
        {
            using var scope = torch.NewDisposeScope();
            using var batch = VideoBatch.Of([read.Video], torch.device(Experiment.Network.Device));
            return (model.Features(batch).cpu().to(torch.ScalarType.Float64).DetachFromDisposeScope(), read.Clip.Label);
        }));
        return new FeatureSet(data.Name, data.Classes, Features(data.Training), Features(data.Evaluation));
    }

    private void Report(FeatureSet features, IReadOnlyList<EndToEndPoint> endToEnd, TextWriter output, IAnsiConsole console, CancellationToken interrupted)
    {
        var results = SensitivityStudy.Run(features, Study, Experiment.Network.Seed, endToEnd, line => Terminal.WriteLine(console, line), interrupted);
        var report = new SensitivityReport(results, Study);
        var file = report.Write(Experiment.Output);
        foreach (var sentence in report.Answer)
            Terminal.WriteLine(console, sentence);
        Terminal.WriteLine(console, $"Written: {file}, and the figures beside it as JSON and CSV");
        if (Experiment.Json)
            output.WriteLine(report.ToJson());
    }

    private sealed class Silence : ITrainingProgress
    {
        public void Report(int epoch, int videos, double framesPerSecond)
        {
        }

        public void Finished(Epoch epoch, double framesPerSecond)
        {
        }
    }
}
