using RankPool.Data;
using RankPool.Networks;
using RankPool.Training;
using static TorchSharp.torch;

namespace RankPool.Tests;

public class MetricsTests
{
    [Fact]
    public void Accuracy_is_the_mean_over_the_classes_that_occur()
    {
        Prediction Of(int label, int answer) => new("x", [label], [.. Enumerable.Range(0, 3).Select(i => i == answer ? 1f : 0)]);

        Metrics.Of([Of(0, 0), Of(0, 1), Of(0, 0), Of(0, 0), Of(2, 1)], 3, multiLabel: false).ShouldBe((0.75 + 0) / 2);
    }

    /// <summary>The first is the example in the documentation of scikit-learn's <c>average_precision_score</c>; the others are worked out by hand from its definition.</summary>
    [Theory]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 0.1f, 0.4f, 0.35f, 0.8f }, 0.8333333333)]
    [InlineData(new[] { 1, 0, 1, 0, 0 }, new[] { 5f, 4f, 3f, 2f, 1f }, (1 + 2.0 / 3) / 2)]
    [InlineData(new[] { 0, 0, 0, 1 }, new[] { 4f, 3f, 2f, 1f }, 0.25)]
    [InlineData(new[] { 1, 0, 1, 0 }, new[] { 1f, 1f, 1f, 1f }, 0.5)]
    [InlineData(new[] { 0, 1, 1 }, new[] { 1f, 1f, 0f }, (0.5 + 2.0 / 3) / 2)]
    public void Average_precision_has_its_known_values(int[] shown, float[] scores, double expected)
    {
        var predictions = shown.Zip(scores, (label, score) => new Prediction("x", label == 1 ? [0] : [], [score])).ToList();

        Metrics.AveragePrecision(predictions, 0).ShouldBe(expected, 1e-9);
    }

    [Fact]
    public void Mean_average_precision_is_over_the_classes_that_occur()
    {
        List<Prediction> predictions = [new("a", [0, 1], [2, 1, 0]), new("b", [1], [1, 2, 0]), new("c", [], [3, 0, 0])];

        Metrics.PerClass(predictions, 3, multiLabel: true).ShouldBe([0.5, 1, double.NaN]);
        Metrics.Of(predictions, 3, multiLabel: true).ShouldBe(0.75);
    }

    [Fact]
    public void The_hinge_loss_sets_every_class_against_the_rest()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[,] { { 0.5f, -2, 3 }, { 0, 0.25f, -0.5f } });
        Clip[] clips = [new Labelled([0, 2]), new Labelled([])];
        ScoreRow[] rows = [new(0, 1), new(1, 0.5f)];

        // (1 - 0.5) + max(0, 1 - 2) + max(0, 1 - 3), and half of (1 + 0) + (1 + 0.25) + (1 - 0.5).
        Loss.Sum(Loss.Hinge, scores, rows, clips).item<float>().ShouldBe(0.5f + 0.5f * 2.75f, 1e-6f);
    }

    [Fact]
    public void The_cross_entropy_weighs_its_rows()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[,] { { 1f, 2 }, { 0, 0 } });

        Loss.Sum(Loss.CrossEntropy, scores, [new(0, 1), new(1, 0.5f)], [new Labelled([0]), new Labelled([1])]).item<float>()
            .ShouldBe((float)(Math.Log(Math.Exp(1) + Math.Exp(2)) - 1 + 0.5 * Math.Log(2)), 1e-6f);
    }

    private sealed record Labelled(IReadOnlyList<int> Shown) : Clip("x", Shown)
    {
        public override Video Read() => throw new NotSupportedException();
    }
}
