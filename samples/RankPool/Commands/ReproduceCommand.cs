using System.CommandLine;
using RankPool.Data;
using RankPool.Data.Decoding;
using RankPool.Data.Layouts;
using RankPool.Networks;
using RankPool.Reports;
using RankPool.Reproduction;
using RankPool.Training;
using Spectre.Console;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary><c>rankpool reproduce</c>: a table of the paper, row by row.</summary>
internal static class ReproduceCommand
{
    private const string Smoke = "smoke";
    private const int StandardSeeds = 3;

    public static Command Create(TextWriter output, CancellationToken interrupted) =>
        new("reproduce", "Make a table of the paper: every row beside the paper's number, and a report. Work that was stopped goes on.")
        {
            CreateFor("ucf-sports", PaperTables.UcfSports, "Table 1: UCF-Sports.", output, interrupted),
            CreateFor("hollywood2", PaperTables.Hollywood2, "Table 2: Hollywood2.", output, interrupted),
        };

    private static Command CreateFor(string layout, IReadOnlyList<PaperRow> rows, string description, TextWriter output, CancellationToken interrupted)
    {
        var command = new Command(layout, description);
        var preset = Word(
            "--preset", "paper: the paper's network and protocol. smoke: the tiny network and a few epochs, to see that everything runs.", "paper", "paper", Smoke);
        var data = new DataOptions(layout);
        var network = new NetworkOptions(null);
        var seeds = Whole("--seeds", $"How many seeds every row is run with, from --seed on. [default: {StandardSeeds}]", 1, 100);
        var epochs = Whole("--epochs", "Passes over the training clips. [default: 60, smoke: 2]", 1, 100_000);
        var folder = Folder("--out", $"Where everything goes. [default: artifacts/reproduce-{layout}]");
        command.Add(preset);
        data.AddTo(command);
        network.AddTo(command);
        foreach (var option in (Option[])[seeds, epochs, folder])
            command.Add(option);
        command.SetAction(arguments =>
        {
            var smoke = arguments.GetRequiredValue(preset) == Smoke;
            var net = network.Read(arguments, onDisk: true, smoke ? NetworkChoice.Tiny : NetworkChoice.CaffeNet);
            var training = smoke ? TrainingSettings.OnDisk with { Epochs = 2 } : TrainingSettings.Paper;
            Run(new ReproductionSettings
            {
                Data = data.Read(arguments)!,
                Cache = data.ReadCache(arguments),
                Network = net,
                Training = training with
                {
                    Epochs = arguments.GetValue(epochs) ?? training.Epochs,
                    Network = net.Choice.Name,
                    FramesPerChunk = net.FramesPerChunk,
                    FeatureCount = net.FeatureCount,
                    Loss = DataSetLayout.Of(layout).MultiLabel ? Loss.Hinge : Loss.CrossEntropy,
                },
                Seeds = [.. Enumerable.Range(net.Seed, arguments.GetValue(seeds) ?? StandardSeeds)],
                Rows = rows,
                Output = arguments.GetValue(folder) ?? Path.Combine("artifacts", $"reproduce-{layout}"),
            }, Terminal.On(output), interrupted);
        });
        return command;
    }

    private static void Run(ReproductionSettings settings, IAnsiConsole console, CancellationToken interrupted)
    {
        void Say(string line) => Terminal.WriteLine(console, line);
        var data = settings.Data.Read(settings.Network.FrameSize, Evaluation.Test);
        using var cache = new FrameCache(settings.Cache.Folder, settings.Cache.MostBytes);
        data = cache.Of(data);
        Say($"Data: {data.Name}, {data.Split}");
        var (network, import) = settings.Network.Create(data.FrameSize);
        network.Dispose();
        if (import is not null)
            Say(import.ToString());
        var folder = new ReproductionFolder(settings.Output);
        folder.Begin(settings.Identity(data));

        var runner = new RowRunner(settings, data, folder, Say);
        var report = new ReproductionReport(settings, data, folder);
        var summaries = new List<RowSummary>();
        foreach (var row in settings.Rows)
        {
            var runs = new List<RowRun>();
            foreach (var seed in runner.SeedsOf(row))
            {
                var run = folder.Read(row, seed);
                if (run is null)
                    folder.Write(run = runner.Run(row, seed, interrupted));
                runs.Add(run);
            }
            summaries.Add(RowSummary.Of(row, runs, data.Classes.Count, data.MultiLabel));
            report.Write(summaries);
        }
        WriteTable(console, summaries, data.MultiLabel);
        foreach (var file in data.Skipped?.List ?? [])
            Say("Left out: " + file.Reason);
        Say($"Written: {folder.ReportFile}, {folder.ResultsFile} and {folder.TableFile}");
    }

    private static void WriteTable(IAnsiConsole console, IReadOnlyList<RowSummary> rows, bool multiLabel)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(multiLabel ? "mean average precision" : "mean per-class accuracy");
        foreach (var heading in (string[])["here", "95 % interval", "paper"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var row in rows)
        {
            table.AddRow(
                Markup.Escape(row.Row.Name), Figures.Percent(row.Score / 100), $"{Figures.Percent(row.Low / 100)} to {Figures.Percent(row.High / 100)}", Figures.Percent(row.Row.Paper / 100));
        }
        console.Write(table);
    }
}
