using System.CommandLine;
using RankPool.Baselines;
using RankPool.Reports;
using RankPool.Training;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary><c>rankpool svm</c>: frozen features, a pooling and a linear classifier.</summary>
internal static class SvmCommand
{
    public static Command Create(TextWriter output, CancellationToken interrupted)
    {
        var command = new Command("svm", "Pool the features of 'extract' and classify the vectors with a linear support vector machine; its C is found by cross-validation.");
        var folder = Folder("--features", "The folder that 'extract' has written. Required.");
        var pooling = new PoolingOptions();
        var c = Positive("--C", FormattableString.Invariant($"Rank pooling's weight of the regression loss. [default: {TrainingSettings.OnDisk.C}]"));
        var epsilon = NotNegative("--epsilon", FormattableString.Invariant($"Half-width of the band in which rank pooling's regression costs nothing. [default: {TrainingSettings.OnDisk.Epsilon}]"));
        command.Add(folder);
        pooling.AddTo(command);
        command.Add(c);
        command.Add(epsilon);
        command.SetAction(arguments =>
        {
            var features = new FeatureFolder(arguments.GetValue(folder) ?? throw new UsageException("svm needs --features DIR, the folder that 'rankpool extract' has written."));
            var choice = pooling.Read(arguments);
            var settings = features.ReadSettings();
            using var module = choice.Create(arguments.GetValue(c) ?? TrainingSettings.OnDisk.C, arguments.GetValue(epsilon) ?? TrainingSettings.OnDisk.Epsilon);
            var outcome = FrozenBaseline.Run(features, module, interrupted);
            var console = Terminal.On(output);
            Terminal.WriteLine(console, $"{settings.Data}, {settings.Split}");
            var metric = settings.MultiLabel ? "mean average precision" : "mean per-class accuracy";
            Terminal.WriteLine(console, FormattableString.Invariant(
                $"{choice} + SVM with C = {outcome.C}: {metric} {Figures.Percent(Metrics.Of(outcome.Predictions, settings.Classes.Count, settings.MultiLabel))}"));
        });
        return command;
    }
}
