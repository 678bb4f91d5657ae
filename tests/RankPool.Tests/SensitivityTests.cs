using System.Text.Json;
using RankPool.Sensitivity;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Tests;

public class SensitivityTests
{
    [Fact]
    public void The_smoke_preset_goes_through_everything_on_rendered_videos()
    {
        using var folder = new TemporaryFolder();

        var run = CommandRun.Of("sensitivity", "--preset", "smoke", "--features", "8", "--out", folder.Path);

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("they agree to first order");
        run.Output.ShouldContain("The bound of strong convexity holds in every case");
        run.Output.ShouldContain("every problem was solved");
        using var json = JsonDocument.Parse(File.ReadAllText(folder["sensitivity.json"]));
        var results = json.RootElement.GetProperty("results");
        results.GetProperty("sweep").GetArrayLength().ShouldBe(9 * 2);
        results.GetProperty("endToEnd").GetArrayLength().ShouldBe(2);
        results.GetProperty("derivative").GetArrayLength().ShouldBe(9 * 6);
        results.GetProperty("stability").GetArrayLength().ShouldBe(9 * 3);
        results.GetProperty("learned").GetArrayLength().ShouldBe(2);
        CheckPage(File.ReadAllText(folder["sensitivity.html"]), charts: 16);
        File.ReadAllLines(folder["stability.csv"])[0].ShouldBe("c,kind,measured,certificate,aPriori,worstRatio,angle");
        File.ReadAllLines(folder["sweep.csv"]).Length.ShouldBe(19);
        File.ReadAllLines(folder["end-to-end.csv"]).Length.ShouldBe(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Extracted_features_are_studied_without_a_network(bool isDivided)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(2);
        foreach (var use in isDivided ? new[] { "train", "test" } : [""])
        {
            foreach (var label in new[] { 0, 1 })
            {
                Directory.CreateDirectory(folder["in", use, $"class {label}"]);
                for (var i = 0; i < 6; i++)
                    File.WriteAllBytes(folder["in", use, $"class {label}", $"{i}.npy"], NpyFile.Of(Sequence(label, 4 + i, random)));
            }
        }

        var run = CommandRun.Of("sensitivity", "--preset", "smoke", "--sequences", folder["in"], "--out", folder["out"], "--json");

        run.ExitCode.ShouldBe(0);
        using var json = JsonDocument.Parse(run.Output);
        var results = json.RootElement.GetProperty("results");
        results.GetProperty("trainingSequences").GetInt32().ShouldBe(isDivided ? 12 : 8);
        results.GetProperty("evaluationSequences").GetInt32().ShouldBe(isDivided ? 12 : 4);
        results.GetProperty("endToEnd").GetArrayLength().ShouldBe(0);
        results.GetProperty("sweep").EnumerateArray().Max(point => point.GetProperty("accuracy").GetDouble()).ShouldBe(1);
        CheckPage(File.ReadAllText(folder["out", "sensitivity.html"]), charts: 15);
    }

    [Fact]
    public void Features_that_extract_wrote_are_studied()
    {
        using var folder = new TemporaryFolder();
        CommandRun.Of("synthesize", "--layout", "folders", "--out", folder["videos"], "--videos-per-class", "3").ExitCode.ShouldBe(0);
        CommandRun.Of("extract", "--data", "folders", "--root", folder["videos"], "--frame-side", "16", "--features", "6", "--out", folder["in"]).ExitCode.ShouldBe(0);

        var run = CommandRun.Of("sensitivity", "--preset", "smoke", "--sequences", folder["in"], "--out", folder["out"]);

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("they agree to first order");
        CheckPage(File.ReadAllText(folder["out", "sensitivity.html"]), charts: 15);
    }

    [Fact]
    public void Bad_features_are_one_sentence()
    {
        using var folder = new TemporaryFolder();
        CommandRun.Of("sensitivity", "--sequences", folder["nowhere"]).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain(folder["nowhere"]));
        Directory.CreateDirectory(folder["in", "a"]);
        CommandRun.Of("sensitivity", "--sequences", folder["in"]).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain("1 class folders"));
        Directory.CreateDirectory(folder["in", "b"]);
        File.WriteAllBytes(folder["in", "b", "x.npy"], []);
        CommandRun.Of("sensitivity", "--sequences", folder["in"]).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain(folder["in", "b", "x.npy"]));
        CommandRun.Of("sensitivity", "--preset", "long").ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(2), run => run.Error.ShouldContain("full or smoke"));
    }

    /// <summary>One frame of length 1, number 1: u = C(1 − ε)/(1 + C) v, so ∂u/∂log C = C(1 − ε)/(1 + C)² v and the relative derivative is 1/(1 + C).</summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(1)]
    [InlineData(100)]
    public void The_derivative_is_that_of_the_closed_form(double c)
    {
        using var scope = NewDisposeScope();

        var points = DerivativeStudy.Run([tensor(new double[,] { { 0.6, 0.8 } })], [c], 0.1, seed: 0).ToList();

        points.Select(point => point.Step).ShouldBe([1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6]);
        foreach (var point in points)
        {
            point.Exact.ShouldBe(1 / (1 + c), 1e-9);
            point.Turn.ShouldBe(0, 1e-6);
            // (u(C(1 + h)) − u(C)) / (h‖u‖) = 1/(1 + C(1 + h)); its difference from the derivative is hC/(1 + C(1 + h)) of the derivative.
            point.Measured.ShouldBe(1 / (1 + c * (1 + point.Step)), 1e-7);
            point.Error.ShouldBe(point.Step * c / (1 + c * (1 + point.Step)), 1e-6);
        }
        SensitivityAnswer.FirstOrderSlope(points).ShouldBe(1, 0.05);
    }

    /// <summary>Orthonormal frames: u = Σ C(t − ε)/(1 + C) v_t grows with C and does not turn. Of lengths 1 and 2, u_t = C t ‖v_t‖/(1 + C‖v_t‖²) (ε = 0) turns as the ratio does.</summary>
    [Fact]
    public void The_turn_is_that_of_the_closed_form()
    {
        using var scope = NewDisposeScope();
        const double c = 0.5;

        DerivativeStudy.Run([eye(3, dtype: ScalarType.Float64)], [c], 0.1, seed: 0).ShouldAllBe(point => point.Turn < 1e-6);
        var point = DerivativeStudy.Run([tensor(new double[,] { { 1, 0 }, { 0, 2 } })], [c], 0, seed: 0).First();

        // The angle is atan(u₂/u₁), with u₂/u₁ = r = 4(1 + C)/(1 + 4C) and dr/dC = −12/(1 + 4C)².
        var r = 4 * (1 + c) / (1 + 4 * c);
        point.Turn.ShouldBe(180 / Math.PI * c * 12 / Math.Pow(1 + 4 * c, 2) / (1 + r * r), 1e-9);
    }

    /// <summary>Two equal frames with ε = 0: with e_t = t, Σ t v_t and n frames, u = C (n(n + 1)/2) / (1 + nC) v.</summary>
    [Fact]
    public void A_repeated_frame_moves_u_as_the_closed_form_says()
    {
        using var scope = NewDisposeScope();
        const double c = 2;

        var points = StabilityStudy.Run([tensor(new double[,] { { 0.6, 0.8 }, { 0.6, 0.8 } })], [c], 0, draws: 3, seed: 0).ToList();

        static double Length(int n) => c * n * (n + 1) / 2 / (1 + n * c);
        var repeated = points.Single(point => point.Kind == Disturbance.Repeated);
        repeated.Measured.ShouldBe((Length(3) - Length(2)) / Length(2), 1e-9);
        // ∇f′(u) = u + C Σ (uᵀv − t) v over three frames.
        repeated.Certificate.ShouldBe(Math.Abs(Length(2) + c * (3 * Length(2) - 6)) / Length(2), 1e-9);
        repeated.Angle.ShouldBe(0, 1e-6);
        points.Single(point => point.Kind == Disturbance.Dropped).Measured.ShouldBe((Length(2) - Length(1)) / Length(2), 1e-9);
        points.ShouldAllBe(point => point.WorstRatio <= 1 + 1e-9 && point.APriori >= point.Certificate * (1 - 1e-9));
    }

    [Fact]
    public void The_bounds_hold_on_random_sequences()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        var sequences = Enumerable.Range(3, 6).Select(frames => nn.functional.normalize(randn(frames, 5, dtype: ScalarType.Float64), dim: -1)).ToList();

        var points = StabilityStudy.Run(sequences, StudySettings.Full.Constants, 0.1, draws: 4, seed: 1).ToList();

        points.Count.ShouldBe(3 * 17);
        points.ShouldAllBe(point => point.Measured > 0 && point.WorstRatio <= 1 + 1e-9 && point.APriori >= point.Certificate * (1 - 1e-9));
    }

    [Fact]
    public void The_slope_of_the_training_loss_is_its_central_difference_and_descent_ends_where_it_is_0()
    {
        using var scope = NewDisposeScope();
        using var features = Features();
        var labels = SweepStudy.Labels(features.Training);
        const double h = 1e-5;
        foreach (var x in new[] { -3.0, 0, 2 })
        {
            double Loss(double at) => LearnedConstant.LossAt(features, labels, at, 0.1).Loss;
            LearnedConstant.LossAt(features, labels, x, 0.1).Slope.ShouldBe((Loss(x + h) - Loss(x - h)) / (2 * h), 1e-7);
        }

        var descent = LearnedConstant.Run(features, start: 1e-2, 0.1, steps: 60, CancellationToken.None);

        descent.Path[0].C.ShouldBe(1e-2);
        descent.Path.Zip(descent.Path.Skip(1)).ShouldAllBe(pair => pair.Second.Loss < pair.First.Loss);
        descent.Slope.ShouldBeLessThan(1e-4);
    }

    [Theory]
    [InlineData(0.9, 0.9, 0.9, 0.9, 0.9, "hardly matters", "8 of 8 decades (C from 1e-4 to 1e4)")]
    [InlineData(0.2, 0.9, 0.9, 0.9, 0.2, "order of magnitude", "4 of 8 decades (C from 0.01 to 100)")]
    [InlineData(0.2, 0.3, 0.9, 0.5, 0.2, "has to be chosen", "0 of 8 decades (C = 1)")]
    public void The_verdict_follows_the_figures(double a, double b, double c, double d, double e, string expected, string where)
    {
        double[] accuracies = [a, b, c, d, e], constants = [1e-4, 1e-2, 1, 1e2, 1e4];
        var results = new SensitivityResults
        {
            Data = "made up", Classes = 2, TrainingSequences = 1000, EvaluationSequences = 1000,
            Sweep = [.. constants.Zip(accuracies, (constant, accuracy) => new SweepPoint(constant, 0.1, accuracy, 1, 1, 1, 1, 1, 0, 1e-7))],
            EndToEnd = [],
            Derivative = [.. constants.SelectMany(constant => new[] { 1e-1, 1e-2, 1e-3, 1e-4 }.Select(h => new DerivativePoint(constant, h, 1, 1, 1, h)))],
            Stability = [.. constants.Select(constant => new StabilityPoint(constant, Disturbance.Noise, 1, 2, 3, 0.5, 10))],
            Learned = [new Descent(1, [new DescentStep(1, 1), new DescentStep(2, 0.5)], 0, 0.9), new Descent(10, [new DescentStep(8, 1)], 0, 0.9)],
        };

        var answer = SensitivityAnswer.Of(results, StudySettings.Full);

        answer[0].ShouldContain(expected);
        answer[0].ShouldContain(where);
        // Two training runs at the ends of the range decide nothing.
        EndToEndPoint[] ends = [new(1e-4, 0.1, 1), new(1e4, 0.9, 1)];
        SensitivityAnswer.Of(results with { EndToEnd = ends }, StudySettings.Full)[0].ShouldBe(answer[0]);
        answer.ShouldContain(sentence => sentence.Contains("agree to first order"));
        answer.ShouldContain(sentence => sentence.Contains("largest change is 50 % of its bound"));
        answer.ShouldContain(sentence => sentence.Contains("from 2 to 8, depending on the start") && sentence.Contains("as good as the best"));
        // A start that leads to a bad minimum is not averaged away.
        var uneven = results with { Learned = [results.Learned[0], new Descent(10, [new DescentStep(8, 1)], 0, 0.5)] };
        SensitivityAnswer.Of(uneven, StudySettings.Full)[^1].ShouldContain("accuracy there is 50.0 % to 90.0 %, below the best of the grid, 90.0 %");
        var broken = results with
        {
            Derivative = [.. results.Derivative.Select(point => point with { Error = 0.3 })],
            Stability = [.. results.Stability.Select(point => point with { WorstRatio = 1.5 })],
            Sweep = [.. results.Sweep.Select(point => point with { Unsolved = 1 })],
        };
        answer.ShouldNotContain(sentence => sentence.Contains("not firm"));
        var few = SensitivityAnswer.Of(results with { EvaluationSequences = 25 }, StudySettings.Full);
        few[0].ShouldStartWith("As far as these few sequences tell: C ");
        few[1].ShouldBe(
            "This is not firm: 25 sequences to judge on give accuracies with a standard error of 6.0 points.");
        var warning = string.Join(' ', SensitivityAnswer.Of(broken, StudySettings.Full));
        warning.ShouldContain("do NOT agree to first order");
        warning.ShouldContain("BROKEN");
        warning.ShouldContain("5 problems were NOT solved");
    }

    /// <summary>The page needs nothing from elsewhere, and its pictures have numbers everywhere.</summary>
    private static void CheckPage(string page, int charts)
    {
        page.Split("<svg ").Length.ShouldBe(charts + 1);
        page.ShouldNotContain("NaN");
        page.ShouldNotContain("∞");
        page.ShouldNotContain("src=");
        page.ShouldNotContain("href=");
        page.ShouldContain("how much does C matter?");
    }

    private static FeatureSet Features()
    {
        var random = new Random(4);
        IReadOnlyList<FeatureBatch> Batch() => FeatureSet.Batch(Enumerable.Range(0, 12).Select(i =>
        {
            var rows = Sequence(i % 2, 4 + i % 5, random);
            return (tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]), i % 2);
        }));
        return new FeatureSet("waves", ["up", "down"], Batch(), Batch());
    }

    /// <summary>A feature that rises in one class and falls in the other, among noise.</summary>
    private static double[][] Sequence(int label, int frames, Random random) => [.. Enumerable.Range(0, frames).Select(t =>
    {
        var position = (double)t / (frames - 1);
        return new[] { label == 0 ? position : 1 - position, 0.5, random.NextDouble() * 0.2, random.NextDouble() * 0.2 };
    })];
}
