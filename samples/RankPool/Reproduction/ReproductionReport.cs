using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RankPool.Data;
using RankPool.Files;
using RankPool.Reports;
using TorchSharp;

namespace RankPool.Reproduction;

/// <summary>Writes what came of a reproduction: one HTML page that needs no other file, and the same as JSON and CSV.</summary>
internal sealed class ReproductionReport(ReproductionSettings settings, VideoDataSet data, ReproductionFolder folder)
{
    private readonly string measure = data.MultiLabel ? "mean average precision, %" : "mean per-class accuracy, %";

    /// <summary>Writes the three files anew with the rows that are done.</summary>
    /// <exception cref="DataException">A file cannot be written.</exception>
    public void Write(IReadOnlyList<RowSummary> rows)
    {
        AtomicFile.Write(folder.ResultsFile, JsonSerializer.Serialize(
            new { Measure = measure, Settings = settings.Identity(data), Software = Software(), Rows = rows.Select(Entry), Skipped = data.Skipped?.List ?? [] }, ReproductionFolder.Json));
        AtomicFile.Write(folder.TableFile, Csv(rows));
        AtomicFile.Write(folder.ReportFile, Html(rows));
    }

    private object Entry(RowSummary row) => new
    {
        row.Row.Id,
        row.Row.Name,
        Score = Math.Round(row.Score, 4),
        Low = Math.Round(row.Low, 4),
        High = Math.Round(row.High, 4),
        row.Row.Paper,
        Seeds = row.Runs.Select(run => new { run.Seed, Score = Math.Round(100 * run.Score, 4), run.SvmC, run.FramesPerSecond, run.Seconds, run.PeakMemoryMiB }),
    };

    private static string Csv(IReadOnlyList<RowSummary> rows)
    {
        var text = new StringBuilder("row,score,low,high,paper,seeds,frames_per_second,seconds,peak_memory_mib\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"\"{row.Row.Name}\",{row.Score:0.0###},{row.Low:0.0###},{row.High:0.0###},{row.Row.Paper:0.0},{string.Join(' ', row.Runs.Select(run => Percent(100 * run.Score)))},{Rate(row):0.#},{Seconds(row):0.#},{Memory(row):0}\n");
        }
        return text.ToString();
    }

    private string Html(IReadOnlyList<RowSummary> rows)
    {
        var page = new HtmlPage($"Rank pooling on {data.Name}");
        page.Paragraph(Introduction(rows));
        page.Section("Table", "The interval comes from drawing clips and seeds anew 1000 times. 'Difference' is this run less the paper.");
        page.Table(
            ["", "here, %", "95 % interval", "paper, %", "difference", "each seed, %"],
            rows.Select(row => (string[])
                [row.Row.Name, Percent(row.Score), $"{Percent(row.Low)} – {Percent(row.High)}", Percent(row.Row.Paper), (row.Score - row.Row.Paper).ToString("+0.0;−0.0;0.0", CultureInfo.InvariantCulture),
                    string.Join(", ", row.Runs.Select(run => Percent(100 * run.Score)))]));
        page.Pictures(ScoreChart.ToSvg(rows, measure));

        var trained = rows.Where(row => row.Runs[0].Epochs.Count > 0).ToList();
        if (trained.Count > 0)
        {
            page.Section("Learning curves", $"Of the first seed ({trained[0].Runs[0].Seed}).");
            page.Pictures(LearningCurves.ToSvg(
                $"{data.Name}: learning curves", measure, data.Chance, null, [.. trained.Select(row => new LearningCurves.Curve(row.Row.Name, row.Runs[0].Epochs))]));
        }
        var best = rows.MaxBy(row => row.Score)!;
        page.Section("Class by class", "The mean over the seeds, for the first row, the last row and the best row.");
        page.Pictures(ClassCharts.Bars([.. rows.Take(1).Append(rows[^1]).Append(best).DistinctBy(row => row.Row.Id)], data.Classes, data.MultiLabel, data.MultiLabel ? "average precision, %" : "accuracy, %"));
        if (!data.MultiLabel)
        {
            page.Section("Confusion matrix", $"{best.Row.Name}: of the clips of a class (line), the percentage that got an answer (column), all seeds together.");
            page.Pictures(ClassCharts.Confusion(best, data.Classes));
        }

        page.Section("Speed and memory", "Frames per second are those of training: reading, forward and backward pass, and the step. Memory is the most that the process held while the row ran. The paper trained 5 frames a second with the exact and 50 with the diagonal Hessian, on a Titan X.");
        page.Table(
            ["", "frames/s", "seconds", "memory, MiB", "C of the classifier"],
            rows.Select(row => (string[])
                [row.Row.Name, Rate(row) is { } rate ? Figures.Rate(rate) : "", Figures.Seconds(Seconds(row)), Memory(row).ToString("#,0", CultureInfo.InvariantCulture),
                    string.Join(", ", row.Runs.Where(run => run.SvmC is not null).Select(run => run.SvmC!.Value.ToString(CultureInfo.InvariantCulture)))]));

        if (data.Skipped is { List: { Count: > 0 } skipped })
        {
            page.Section("Clips that were left out");
            page.Table(["clip", "reason"], skipped.Select(file => (string[])[file.Name, file.Reason]));
        }
        page.Section("Settings and software", "The paper does not state momentum, the shape of the learning-rate schedule, augmentation, dropout, C and ε. Here the rate falls by one factor an epoch, there is neither augmentation nor dropout, and the rest stands below.");
        page.Listing(JsonSerializer.Serialize(new { Settings = settings.Identity(data), Software = Software() }, ReproductionFolder.Json));
        page.Paragraph("Fernando and Gould, Learning End-to-end Video Classification with Rank-Pooling, ICML 2016.");
        return page.ToString();
    }

    private string Introduction(IReadOnlyList<RowSummary> rows)
    {
        var met = rows.Count(row => row.Low <= row.Row.Paper && row.Row.Paper <= row.High);
        var text = FormattableString.Invariant($"{data.Split.TrimEnd('.')}. {rows.Count} of {settings.Rows.Count} rows are done, with {settings.Seeds.Count} seeds. Guessing gives {Figures.Percent(data.Chance)}. The paper's number lies within the interval of {met} rows.");
        if (settings.Network.Choice.Name != "caffenet" || settings.Network.Weights is null)
        {
            text += $" The network is {settings.Network.Choice.Name}, {(settings.Network.Weights is null ? "from random weights" : $"from '{settings.Network.Weights}'")}; "
                + "the paper's is CaffeNet from ImageNet weights, so the numbers are not of the same thing.";
        }
        return text;
    }

    private static object Software() => new
    {
        RankPool = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
        TorchSharp = $"{typeof(torch).Assembly.GetName().Name} {typeof(torch).Assembly.GetName().Version}",
        Runtime = RuntimeInformation.FrameworkDescription,
        System = RuntimeInformation.OSDescription,
        Architecture = RuntimeInformation.ProcessArchitecture,
        Cores = Environment.ProcessorCount,
    };

    private static string Percent(double percent) => percent.ToString("0.0", CultureInfo.InvariantCulture);

    private static double? Rate(RowSummary row) => row.Runs.Average(run => run.FramesPerSecond);

    private static double Seconds(RowSummary row) => row.Runs.Sum(run => run.Seconds);

    private static double Memory(RowSummary row) => row.Runs.Max(run => run.PeakMemoryMiB);
}
