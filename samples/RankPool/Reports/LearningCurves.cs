using RankPool.Data;
using RankPool.Training;

namespace RankPool.Reports;

/// <summary>The learning curves of several training runs as one self-contained SVG picture: accuracy on the left, loss on the right.</summary>
internal static class LearningCurves
{
    private const double Top = 74, Width = 390, Height = 270, AccuracyLeft = 70, LossLeft = 560, LegendTop = Top + Height + 78;
    private const int LongName = 20;

    /// <summary>Draws the finished runs.</summary>
    public static string ToSvg(IReadOnlyList<Result> results, VideoDataSet data) => ToSvg(
        $"Learning curves: {data.Name} videos", data.MultiLabel ? "mean average precision, %" : "mean per-class accuracy, %", data.Chance, data.OrderBlindCeiling,
        [.. results.Select(result => new Curve(result.Choice.ToString(), result.Training.Epochs))]);

    /// <summary>Draws curves.</summary>
    /// <param name="title">What stands above.</param>
    /// <param name="measure">What is measured on evaluation videos, in percent.</param>
    /// <param name="chance">What guessing gives, from 0 to 1.</param>
    /// <param name="ceiling">What is possible without order, from 0 to 1, where that is known.</param>
    /// <param name="curves">At least one, each with at least one epoch.</param>
    public static string ToSvg(string title, string measure, double chance, double? ceiling, IReadOnlyList<Curve> curves)
    {
        var epochs = curves.Max(curve => curve.Epochs.Count);
        ChartSeries[] Series(Func<Epoch, double> value) =>
            [.. curves.Select(curve => new ChartSeries(curve.Name, [.. curve.Epochs.Select(epoch => ((double)epoch.Number, value(epoch)))]))];
        var accuracy = new LineChart("On videos not trained on", "epoch", measure)
        {
            XCountsTo = epochs, YTop = 100, Series = Series(epoch => 100 * epoch.Accuracy),
            Levels = ceiling is { } level ? [(100 * level, "at most, if blind to order"), (100 * chance, "chance")] : [(100 * chance, "chance")],
        };
        var loss = new LineChart("On training videos", "epoch", "mean loss") { XCountsTo = epochs, Series = Series(epoch => epoch.Loss) };

        var names = curves.Any(curve => curve.Name.Length >= LongName) ? new Legend(loss.Series, 2, 450) : new Legend(loss.Series, 5, 182);
        var svg = new SvgWriter(width: 980, height: (int)LegendTop + names.Height);
        svg.Text(490, 28, title, 18, "middle", bold: true);
        accuracy.Draw(svg, AccuracyLeft, Top, Width, Height);
        loss.Draw(svg, LossLeft, Top, Width, Height);
        names.Draw(svg, AccuracyLeft, LegendTop);
        return svg.ToString();
    }

    /// <summary>A training run in the picture.</summary>
    public sealed record Curve(string Name, IReadOnlyList<Epoch> Epochs);
}
