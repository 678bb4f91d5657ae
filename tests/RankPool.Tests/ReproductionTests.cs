using System.Text.Json;
using System.Xml.Linq;
using RankPool.Data.Synthesis;
using RankPool.Reproduction;
using RankPool.Training;

namespace RankPool.Tests;

public class ReproductionTests
{
    [Fact]
    public void The_tables_are_those_of_the_paper()
    {
        PaperTables.UcfSports.Select(row => row.Paper).ShouldBe([67, 66, 66, 70, 73, 70, 71, 87, 87]);
        PaperTables.Hollywood2.Select(row => row.Paper).ShouldBe([35.7, 30.0, 31.0, 37.9, 34.7, 40.6]);
    }

    /// <summary>With one class the accuracy is a share of n clips, whose interval is p ± 1.96 √(p(1 − p)/n).</summary>
    [Fact]
    public void The_interval_of_a_share_is_that_of_the_binomial_distribution()
    {
        var predictions = Enumerable.Range(0, 200).Select(i => new Prediction($"{i}", [0], i < 140 ? [1, 0] : [0, 1])).ToList();

        var summary = RowSummary.Of(PaperTables.UcfSports[0], [Run(predictions, 0.7)], 2, multiLabel: false);

        summary.Score.ShouldBe(70, 1e-9);
        var half = 100 * 1.96 * Math.Sqrt(0.7 * 0.3 / 200);
        summary.Low.ShouldBe(70 - half, 1.2);
        summary.High.ShouldBe(70 + half, 1.2);
    }

    /// <summary>Drawing clips with replacement raises average precision; the interval must lie around the score all the same.</summary>
    [Fact]
    public void The_interval_of_average_precision_lies_around_the_score()
    {
        var random = new Random(1);
        var offsets = Enumerable.Range(0, 12).Select(_ =>
        {
            var predictions = Enumerable.Range(0, 48).Select(i => new Prediction($"{i}", [i % 6], [.. Enumerable.Range(0, 6).Select(_ => (float)random.NextDouble())])).ToList();
            var score = Metrics.Of(predictions, 6, multiLabel: true);
            var summary = RowSummary.Of(PaperTables.Hollywood2[0], [Run(predictions, score)], 6, multiLabel: true);
            summary.Low.ShouldBeLessThan(100 * score);
            summary.High.ShouldBeGreaterThan(100 * score);
            return (summary.Low + summary.High) / 2 - summary.Score;
        });
        offsets.Average().ShouldBe(0, 1.5);
    }

    [Fact]
    public void Seeds_that_differ_widen_the_interval()
    {
        List<Prediction> Of(bool right) => [.. Enumerable.Range(0, 10).Select(i => new Prediction($"{i}", [0], right ? [1f, 0] : [0f, 1]))];

        var summary = RowSummary.Of(PaperTables.UcfSports[0], [Run(Of(true), 1), Run(Of(false), 0)], 2, multiLabel: false);

        (summary.Score, summary.Low, summary.High).ShouldBe((50, 0, 100));
    }

    [Fact]
    public void The_table_of_ucf_sports_runs_to_its_end_and_goes_on_row_by_row()
    {
        using var folder = new TemporaryFolder();
        new UcfSportsSynthesizer().Write(folder["ucf"], clipsPerClass: 3, seed: 1, CancellationToken.None);
        string[] command = ["reproduce", "ucf-sports", "--root", folder["ucf"], "--preset", "smoke", "--epochs", "1", "--seeds", "2", "--features", "8", "--out", folder["out"]];

        using (var stop = new CancellationTokenSource())
        {
            stop.Cancel();
            CommandRun.Of(stop.Token, command).ExitCode.ShouldBe(130);
        }
        var run = CommandRun.Of(command);

        (run.Error, run.ExitCode).ShouldBe(("", 0));
        CheckReport(folder["out"], PaperTables.UcfSports, pictures: 4);
        using (var results = JsonDocument.Parse(File.ReadAllText(folder["out", "results.json"])))
            results.RootElement.GetProperty("rows")[8].GetProperty("seeds").GetArrayLength().ShouldBe(2);

        // A row that is missing is run again, to the same result; the others are not.
        var before = Directory.GetFiles(folder["out", "rows"]).ToDictionary(file => file, File.GetLastWriteTimeUtc);
        before.Count.ShouldBe(18);
        var again = folder["out", "rows", "rank-exact-end-to-end-seed1.json"];
        var score = Score(again);
        File.Delete(again);
        File.Delete(folder["out", "checkpoints", "rank-exact-end-to-end-seed1.safetensors"]);
        CommandRun.Of(command).ExitCode.ShouldBe(0);
        Score(again).ShouldBe(score);
        foreach (var (file, time) in before)
            (File.GetLastWriteTimeUtc(file) == time).ShouldBe(file != again, file);

        command[Array.IndexOf(command, "--seeds") + 1] = "1";
        var settings = CommandRun.Of(command);
        (settings.ExitCode, settings.Error.Contains("other settings", StringComparison.Ordinal)).ShouldBe((1, true));
    }

    [Fact]
    public void The_table_of_hollywood2_runs_to_its_end_and_lists_what_it_left_out()
    {
        using var folder = new TemporaryFolder();
        new Hollywood2Synthesizer().Write(folder["h2"], clipsPerClass: 4, seed: 1, CancellationToken.None);
        File.WriteAllText(folder["h2", "AVIClips", "actioncliptrain00005.avi"], "no video");
        File.Delete(folder["h2", "AVIClips", "actioncliptest00007.avi"]);
        string[] command = ["reproduce", "hollywood2", "--root", folder["h2"], "--preset", "smoke", "--epochs", "1", "--seeds", "1", "--features", "8", "--out", folder["out"]];

        var refused = CommandRun.Of(command);
        (refused.ExitCode, refused.Error.Contains("actioncliptest00007.avi", StringComparison.Ordinal)).ShouldBe((1, true));
        var run = CommandRun.Of([.. command, "--keep-going"]);

        (run.Error, run.ExitCode).ShouldBe(("", 0));
        CheckReport(folder["out"], PaperTables.Hollywood2, pictures: 3);
        var page = File.ReadAllText(folder["out", "report.html"]);
        page.ShouldContain("actioncliptrain00005.avi");
        page.ShouldContain("actioncliptest00007.avi");
        page.ShouldContain("mean average precision");
    }

    private static double Score(string file)
    {
        using var run = JsonDocument.Parse(File.ReadAllText(file));
        return run.RootElement.GetProperty("score").GetDouble();
    }

    private static RowRun Run(IReadOnlyList<Prediction> predictions, double score) => new() { Row = "x", Seed = 0, Score = score, Predictions = predictions };

    private static void CheckReport(string folder, IReadOnlyList<PaperRow> rows, int pictures)
    {
        using var results = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "results.json")));
        var entries = results.RootElement.GetProperty("rows").EnumerateArray().ToList();
        entries.Select(entry => entry.GetProperty("paper").GetDouble()).ShouldBe(rows.Select(row => row.Paper));
        foreach (var entry in entries)
            entry.GetProperty("low").GetDouble().ShouldBeLessThanOrEqualTo(entry.GetProperty("high").GetDouble());
        var lines = File.ReadAllLines(Path.Combine(folder, "results.csv"));
        lines.Length.ShouldBe(rows.Count + 1);

        var page = File.ReadAllText(Path.Combine(folder, "report.html"));
        foreach (var row in rows)
            page.ShouldContain(row.Name);
        page.ShouldContain("Frames per second");
        page.ShouldContain("torchSharp");
        // The page needs no other file, and its pictures are well formed.
        page.ShouldNotContain("src=");
        page.ShouldNotContain("href=");
        var parts = page.Split("<svg ").Skip(1).Select(part => "<svg " + part[..(part.IndexOf("</svg>", StringComparison.Ordinal) + 6)]).ToList();
        parts.Count.ShouldBe(pictures);
        foreach (var part in parts)
            XDocument.Parse(part).Descendants().Count().ShouldBeGreaterThan(10);
    }
}
