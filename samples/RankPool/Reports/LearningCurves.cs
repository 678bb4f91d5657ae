using System.Globalization;
using RankPool.Data;
using RankPool.Training;

namespace RankPool.Reports;

/// <summary>The learning curves of all poolings as one self-contained SVG picture: accuracy on the left, loss on the right.</summary>
internal static class LearningCurves
{
    // Okabe and Ito's palette, which people with any colour vision can tell apart, without its yellow, too pale on white.
    private static readonly string[] Colours = ["#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#0072B2"];

    // Curves that coincide stay visible through the gaps of the later one.
    private static readonly string[] Dashes = ["none", "6 3", "2 3", "8 3 2 3", "none"];

    private const int CurvesPerLine = 2;
    private const int MostShortNames = 5;

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
        var accuracy = new Panel("On videos not trained on", measure, epochs, 100)
        {
            Curves = [.. curves.Select(curve => curve.Epochs.Select(epoch => (epoch.Number, 100 * epoch.Accuracy)).ToList())],
            Levels = ceiling is { } level ? [(100 * level, "at most, if blind to order"), (100 * chance, "chance")] : [(100 * chance, "chance")],
        };
        var highest = curves.SelectMany(curve => curve.Epochs).Max(epoch => epoch.Loss);
        var loss = new Panel("On training videos", "mean loss", epochs, Axis.Above(highest))
        {
            Curves = [.. curves.Select(curve => curve.Epochs.Select(epoch => (epoch.Number, epoch.Loss)).ToList())],
        };

        var lines = (curves.Count + CurvesPerLine - 1) / CurvesPerLine;
        var svg = new SvgWriter(width: 980, height: 420 + 20 * lines);
        svg.Text(490, 28, title, 18, "middle", bold: true);
        Draw(svg, accuracy, left: 70);
        Draw(svg, loss, left: 560);
        var width = curves.Count <= MostShortNames && curves.All(curve => curve.Name.Length < 20) ? 182 : 900 / CurvesPerLine;
        var perLine = width == 182 ? MostShortNames : CurvesPerLine;
        for (var i = 0; i < curves.Count; i++)
        {
            var (x, y) = (70 + width * (i % perLine), 418 + 20 * (i / perLine));
            svg.Line(x, y, x + 28, y, Colours[i % Colours.Length], 2.5, Dashes[i % Dashes.Length]);
            svg.Text(x + 34, y + 4, curves[i].Name, 13, "start");
        }
        return svg.ToString();
    }

    /// <summary>A training run in the picture.</summary>
    public sealed record Curve(string Name, IReadOnlyList<Epoch> Epochs);

    private sealed record Panel(string Title, string Unit, int Epochs, double Top)
    {
        public required IReadOnlyList<IReadOnlyList<(int Epoch, double Value)>> Curves { get; init; }

        public IReadOnlyList<(double Value, string Name)> Levels { get; init; } = [];
    }

    private static void Draw(SvgWriter svg, Panel panel, double left)
    {
        const double top = 70, width = 390, height = 270;
        const double bottom = top + height;
        double X(double epoch) => panel.Epochs == 1 ? left + width / 2 : left + width * (epoch - 1) / (panel.Epochs - 1);
        double Y(double value) => bottom - height * value / panel.Top;

        svg.Text(left + width / 2, top - 16, panel.Title, 14, "middle");
        foreach (var tick in Axis.Ticks(panel.Top))
        {
            svg.Line(left, Y(tick), left + width, Y(tick), "#E0E0E0", 1);
            svg.Text(left - 8, Y(tick) + 4, tick.ToString("0.##", CultureInfo.InvariantCulture), 12, "end");
        }
        var step = Math.Max(1, (int)Math.Ceiling(Axis.Step(panel.Epochs)));
        for (var epoch = 1; epoch <= panel.Epochs; epoch = epoch == 1 && step > 1 ? step : epoch + step)
        {
            svg.Line(X(epoch), bottom, X(epoch), bottom + 5, "#202020", 1);
            svg.Text(X(epoch), bottom + 19, epoch.ToString(CultureInfo.InvariantCulture), 12, "middle");
        }
        svg.Line(left, top, left, bottom, "#202020", 1);
        svg.Line(left, bottom, left + width, bottom, "#202020", 1);
        svg.Text(left + width / 2, bottom + 40, "epoch", 13, "middle");
        svg.Text(left - 44, top + height / 2, panel.Unit, 13, "middle", turned: true);
        foreach (var (value, _) in panel.Levels)
            svg.Line(left, Y(value), left + width, Y(value), "#606060", 1, "4 4");
        for (var i = 0; i < panel.Curves.Count; i++)
        {
            var points = panel.Curves[i].Select(point => (X(point.Epoch), Y(point.Value))).ToList();
            svg.Curve(points, Colours[i % Colours.Length], 2.5, Dashes[i % Dashes.Length]);
            svg.Dot(points[^1].Item1, points[^1].Item2, 4, Colours[i % Colours.Length]);
        }
        foreach (var (value, name) in panel.Levels)
            svg.Text(left + width - 8, Y(value) - 5, name, 11, "end");
    }
}
