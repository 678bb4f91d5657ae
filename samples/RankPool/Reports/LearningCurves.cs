using System.Globalization;
using RankPool.Data;

namespace RankPool.Reports;

/// <summary>The learning curves of all poolings as one self-contained SVG picture: accuracy on the left, loss on the right.</summary>
internal static class LearningCurves
{
    // Okabe and Ito's palette, which people with any colour vision can tell apart, without its yellow, too pale on white.
    private static readonly string[] Colours = ["#E69F00", "#56B4E9", "#009E73", "#CC79A7", "#0072B2"];

    // Curves that coincide stay visible through the gaps of the later one.
    private static readonly string[] Dashes = ["none", "6 3", "2 3", "8 3 2 3", "none"];

    /// <summary>Draws the finished runs.</summary>
    public static string ToSvg(IReadOnlyList<Result> results, VideoDataSet data)
    {
        var epochs = results.Max(result => result.Training.Epochs.Count);
        var accuracy = new Panel("Accuracy on videos not trained on", "mean per-class accuracy, %", epochs, 100)
        {
            Curves = [.. results.Select(result => result.Training.Epochs.Select(epoch => (epoch.Number, 100 * epoch.Accuracy)).ToList())],
            Levels = data.OrderBlindCeiling is { } ceiling
                ? [(100 * ceiling, "at most, if blind to order"), (100 * data.Chance, "chance")]
                : [(100 * data.Chance, "chance")],
        };
        var highest = results.SelectMany(result => result.Training.Epochs).Max(epoch => epoch.Loss);
        var loss = new Panel("Loss on training videos", "cross-entropy, nats", epochs, Axis.Above(highest))
        {
            Curves = [.. results.Select(result => result.Training.Epochs.Select(epoch => (epoch.Number, epoch.Loss)).ToList())],
        };

        var svg = new SvgWriter(width: 980, height: 440);
        svg.Text(490, 28, $"Learning curves: {data.Name} videos", 18, "middle", bold: true);
        Draw(svg, accuracy, left: 70);
        Draw(svg, loss, left: 560);
        for (var i = 0; i < results.Count; i++)
        {
            var x = 70 + 182 * i;
            svg.Line(x, 418, x + 28, 418, Colours[i % Colours.Length], 2.5, Dashes[i % Dashes.Length]);
            svg.Text(x + 34, 422, results[i].Choice.ToString(), 13, "start");
        }
        return svg.ToString();
    }

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
