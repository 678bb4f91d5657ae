using System.Globalization;
using RankPool.Data;
using Spectre.Console;

namespace RankPool.Reports;

/// <summary>The table at the end.</summary>
internal static class ResultsTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<Result> results, VideoDataSet data)
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("Pooling").AddColumn("Hessian");
        foreach (var heading in (string[])[data.MultiLabel ? "mAP" : "Accuracy", "Chance", "Frames/s", "Epochs", "Seconds"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var (choice, training, chance) in results)
        {
            table.AddRow(
                choice.Pooling,
                choice.Hessian ?? "",
                Figures.Percent(training.Accuracy),
                Figures.Percent(chance),
                Figures.Rate(training.FramesPerSecond),
                training.Epochs.Count.ToString(CultureInfo.InvariantCulture),
                Figures.Seconds(training.Seconds));
        }
        console.Write(table);
        if (data.OrderBlindCeiling is { } ceiling)
        {
            Terminal.WriteLine(console,
                $"Every video is judged forwards and backwards, so a pooling that is blind to order gets at most {Figures.Percent(ceiling)}.");
        }
    }
}
