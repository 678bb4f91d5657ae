using System.Diagnostics;
using System.Globalization;

namespace RankPool.Tests;

/// <summary>
/// Rank pooling is liblinear's L2-loss support vector regression of the frame number (<c>-s 11</c> primal, <c>-s 12</c> dual): its
/// <c>½wᵀw + c Σ max(0, |y − wᵀx| − p)²</c> has no ½ before c, so C = 2c.
/// </summary>
public class LiblinearTests
{
    private static readonly string Program = "liblinear-train";

    [SkippableTheory]
    [InlineData(11, 1, 0.1, "float32")]
    [InlineData(12, 1, 0.1, "float32")]
    [InlineData(11, 0.05, 0.5, "float64")]
    [InlineData(12, 0.05, 0.5, "float64")]
    [InlineData(11, 20, 0, "float64")]
    public void Descriptors_are_liblinears_weights(int solver, double c, double p, string type)
    {
        Skip.IfNot(IsInstalled, "liblinear-train is not installed; tests/run.sh installs it.");
        using var folder = new TemporaryFolder();
        var sequences = Sequences();
        Write(folder, sequences);

        CommandRun.Of("pool", "--in", folder["in"], "--out", folder["out"], "--C", Text(2 * c), "--epsilon", Text(p), "--dtype", type).ExitCode.ShouldBe(0);

        var descriptors = NpyFile.Read(folder["out", "descriptors.npy"]);
        for (var i = 0; i < sequences.Length; i++)
            Distance(descriptors[i], Train(folder, sequences[i], solver, c, p)).ShouldBeLessThan(1e-4);
    }

    /// <summary>The whole pipeline: running means, signed roots and unit length, computed here once more, forwards and backwards.</summary>
    [SkippableTheory]
    [InlineData(11)]
    [InlineData(12)]
    public void The_preset_videodarwin_is_that_pipeline_with_liblinear(int solver)
    {
        Skip.IfNot(IsInstalled, "liblinear-train is not installed; tests/run.sh installs it.");
        using var folder = new TemporaryFolder();
        var sequences = Sequences();
        Write(folder, sequences);

        CommandRun.Of("pool", "--in", folder["in"], "--out", folder["out"], "--preset", "videodarwin").ExitCode.ShouldBe(0);

        var descriptors = NpyFile.Read(folder["out", "descriptors.npy"]);
        for (var i = 0; i < sequences.Length; i++)
        {
            double[] expected =
            [
                .. Train(folder, Preprocess(sequences[i]), solver, c: 1, p: 0.1),
                .. Train(folder, Preprocess([.. sequences[i].Reverse()]), solver, c: 1, p: 0.1),
            ];
            Distance(descriptors[i], expected).ShouldBeLessThan(1e-4);
        }
    }

    private static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(place => File.Exists(Path.Combine(place, Program)));

    private static double[][][] Sequences()
    {
        var random = new Random(6);
        return [.. new[] { 1, 2, 9, 25, 40 }.Select(frames => Enumerable.Range(0, frames)
            .Select(t => Enumerable.Range(0, 12).Select(d => Math.Sin(0.1 * t * d) + random.NextDouble() - 0.3).ToArray()).ToArray())];
    }

    private static void Write(TemporaryFolder folder, double[][][] sequences)
    {
        Directory.CreateDirectory(folder["in"]);
        for (var i = 0; i < sequences.Length; i++)
            File.WriteAllBytes(folder["in", $"{i}.npy"], NpyFile.Of(sequences[i]));
    }

    private static double[][] Preprocess(double[][] frames)
    {
        var sum = new double[frames[0].Length];
        return [.. frames.Select((frame, t) =>
        {
            sum = [.. sum.Zip(frame, (a, b) => a + b)];
            var root = sum.Select(x => Math.Sign(x) * Math.Sqrt(Math.Abs(x) / (t + 1))).ToArray();
            var length = Math.Sqrt(root.Sum(x => x * x));
            return root.Select(x => x / length).ToArray();
        })];
    }

    /// <summary>The weights of a regression of 1, 2, 3, … on the frames, without a bias.</summary>
    private static double[] Train(TemporaryFolder folder, double[][] frames, int solver, double c, double p)
    {
        File.WriteAllLines(folder["data"], frames.Select((frame, t) =>
            $"{t + 1} " + string.Join(' ', frame.Select((x, d) => $"{d + 1}:{Text(x)}"))));
        string[] arguments = ["-s", $"{solver}", "-c", Text(c), "-p", Text(p), "-B", "-1", "-e", "1e-10", "-q", folder["data"], folder["model"]];
        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return [.. File.ReadAllLines(folder["model"]).SkipWhile(line => line != "w").Skip(1).Select(line => double.Parse(line.Trim(), CultureInfo.InvariantCulture))];
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>‖a − b‖ / ‖b‖.</summary>
    private static double Distance(double[] a, double[] b)
    {
        a.Length.ShouldBe(b.Length);
        return Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum() / b.Sum(y => y * y));
    }
}
