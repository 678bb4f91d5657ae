using RankPool.Baselines;
using RankPool.Data;
using RankPool.Data.Synthesis;
using RankPool.Networks;
using RankPool.Training;

namespace RankPool.Tests;

public class BaselineTests
{
    /// <summary>The weights that <c>liblinear-train -s 2 -c 2 -B 1 -e 1e-12</c> (2.3.0) finds for x_nd = sin(1 + 3n + 7d), class n mod 3 against the rest.</summary>
    private static readonly double[][] Liblinear =
    [
        [-0.1324827940, -0.0124656157, 0.1136870825, -0.2728001556],
        [-0.0825231754, -0.0775243026, -0.0343683175, -0.2725528411],
        [0.2120369712, 0.0887472555, -0.0782234592, -0.4368815036],
    ];

    [Fact]
    public void The_classifier_has_the_weights_of_liblinear()
    {
        var examples = Enumerable.Range(0, 14).Select(n =>
            new SvmExample($"{n}", [n % 3], [.. Enumerable.Range(0, 3).Select(d => (float)Math.Sin(1 + 3 * n + 7 * d))])).ToList();

        var machine = LinearSvm.Fit(examples, 3, 2);

        for (var label = 0; label < 3; label++)
            machine.Weights(label).ToArray().ShouldBe(Liblinear[label], 1e-6);
        var prediction = machine.Predict(examples[4]);
        for (var label = 0; label < 3; label++)
        {
            var w = Liblinear[label];
            ((double)prediction.Scores[label]).ShouldBe(w[3] + Enumerable.Range(0, 3).Sum(d => w[d] * Math.Sin(13 + 7 * d)), 1e-6);
        }
    }

    [Fact]
    public void Cross_validation_finds_the_C_that_generalises()
    {
        // Two classes far apart, and one training example on the wrong side: a large C would bend to it, a tiny one knows only the larger class.
        var random = new Random(1);
        float[] Near(double centre) => [(float)(centre + 0.3 * random.NextDouble()), (float)random.NextDouble()];
        var examples = new List<SvmExample>();
        for (var i = 0; i < 40; i++)
            examples.Add(new SvmExample($"{i}", [i % 4 == 0 ? 1 : 0], Near(i % 4 == 0 ? 0.1 : -0.4)));

        var machine = LinearSvm.FitBestC(examples, 2, multiLabel: false, CancellationToken.None);

        machine.C.ShouldBeGreaterThan(LinearSvm.Grid[0]);
        Metrics.Of([.. examples.Select(machine.Predict)], 2, multiLabel: false).ShouldBe(1);
        LinearSvm.Grid.Where(c => c < machine.C).ShouldAllBe(c => Metrics.Of(Enumerable.Select(examples, LinearSvm.Fit(examples, 2, c).Predict).ToList(), 2, false) <= 1);
    }

    [Fact]
    public void Features_that_are_not_numbers_are_an_error() =>
        Should.Throw<TrainingException>(() => LinearSvm.Fit([new("a", [0], [float.NaN]), new("b", [1], [1])], 2, 1)).Message.ShouldContain("linear classifier");

    [Fact]
    public void Extracted_features_serve_every_pooling_and_work_that_was_stopped_goes_on()
    {
        using var folder = new TemporaryFolder();
        new FoldersSynthesizer().Write(folder["videos"], 6, seed: 1, CancellationToken.None);
        string[] extract = ["extract", "--data", "folders", "--root", folder["videos"], "--features", "16", "--frame-side", "16", "--out", folder["features"]];

        var first = CommandRun.Of(extract);
        (first.ExitCode, first.Error).ShouldBe((0, ""));
        var files = Directory.GetFiles(folder["features"], "*.npy", SearchOption.AllDirectories).Order().ToList();
        files.Count.ShouldBe(24);
        var bytes = File.ReadAllBytes(files[3]);
        File.Delete(files[3]);
        File.WriteAllBytes(files[4], []); // What is there is not made again.
        CommandRun.Of(extract).ExitCode.ShouldBe(0);
        File.ReadAllBytes(files[3]).ShouldBe(bytes);
        new FileInfo(files[4]).Length.ShouldBe(0);
        var broken = CommandRun.Of("svm", "--features", folder["features"]);
        (broken.ExitCode, broken.Error.Contains(files[4], StringComparison.Ordinal)).ShouldBe((1, true));
        File.Delete(files[4]);
        CommandRun.Of(extract).ExitCode.ShouldBe(0);

        var good = File.ReadAllBytes(files[5]);
        File.WriteAllBytes(files[5], [.. good[..^4], .. BitConverter.GetBytes(float.NaN)]);
        var bad = CommandRun.Of("svm", "--features", folder["features"], "--pooling", "max");
        (bad.ExitCode, bad.Error.Contains(files[5], StringComparison.Ordinal)).ShouldBe((1, true));
        File.WriteAllBytes(files[5], good);

        var unsolved = CommandRun.Of("svm", "--features", folder["features"], "--pooling", "rank", "--C", "1e300");
        (unsolved.ExitCode, unsolved.Error.Contains("cannot be pooled, and a lower --C may help", StringComparison.Ordinal)).ShouldBe((1, true), unsolved.Error);

        foreach (var pooling in (string[])["average", "max", "rank"])
        {
            var run = CommandRun.Of("svm", "--features", folder["features"], "--pooling", pooling);
            (run.ExitCode, run.Error).ShouldBe((0, ""));
            run.Output.ShouldContain("mean per-class accuracy");
        }
        var other = CommandRun.Of([.. extract, "--seed", "1"]);
        (other.ExitCode, other.Error.Contains("other settings", StringComparison.Ordinal)).ShouldBe((1, true));
        CommandRun.Of("svm", "--features", folder["none"]).Error.ShouldContain("rankpool extract");
    }
}
