using System.Globalization;

namespace RankPool.Reports;

/// <summary>A curve of a chart.</summary>
/// <param name="Name">Its line in the legend.</param>
/// <param name="Points">Its points, in the order in which they are joined.</param>
/// <param name="IsDots">Whether points are dots, and not joined.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsDots = false);

/// <summary>A chart of curves as a self-contained SVG picture. A logarithmic axis leaves out what is not positive; a linear one starts at 0.</summary>
internal sealed record LineChart(string Title, string XLabel, string YLabel)
{
    private const double Left = 78, Top = 44, Width = 440, Height = 260, Bottom = Top + Height;
    private const int LegendLine = 19;

    // Okabe and Ito's palette, which people with any colour vision can tell apart, without its yellow, too pale on white.
    private static readonly string[] Colours = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"];

    // Curves that coincide stay visible through the gaps of the later one.
    private static readonly string[] Dashes = ["none", "6 3", "2 3", "8 3 2 3", "4 2", "1 2"];

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    public bool IsLogX { get; init; }

    public bool IsLogY { get; init; }

    /// <summary>The end of a linear vertical axis; what the points need where null.</summary>
    public double? YTop { get; init; }

    /// <summary>Draws the chart.</summary>
    public string ToSvg()
    {
        var rows = (Series.Count + 1) / 2;
        var svg = new SvgWriter(width: 560, height: (int)Bottom + 62 + rows * LegendLine);
        var shown = Series.Select(series => series with { Points = [.. series.Points.Where(IsShown)] }).ToList();
        var x = Scale.Of(shown.SelectMany(series => series.Points.Select(point => point.X)), IsLogX, null);
        var y = Scale.Of(shown.SelectMany(series => series.Points.Select(point => point.Y)), IsLogY, YTop);
        double X(double value) => Left + Width * x.Share(value);
        double Y(double value) => Bottom - Height * y.Share(value);

        svg.Text(Left + Width / 2, 24, Title, 14, "middle", bold: true);
        foreach (var tick in y.Ticks())
        {
            svg.Line(Left, Y(tick), Left + Width, Y(tick), "#E0E0E0", 1);
            svg.Text(Left - 8, Y(tick) + 4, Label(tick, IsLogY), 12, "end");
        }
        foreach (var tick in x.Ticks())
        {
            svg.Line(X(tick), Bottom, X(tick), Bottom + 5, "#202020", 1);
            svg.Text(X(tick), Bottom + 19, Label(tick, IsLogX), 12, "middle");
        }
        svg.Line(Left, Top, Left, Bottom, "#202020", 1);
        svg.Line(Left, Bottom, Left + Width, Bottom, "#202020", 1);
        svg.Text(Left + Width / 2, Bottom + 40, XLabel, 13, "middle");
        svg.Text(18, Top + Height / 2, YLabel, 13, "middle", turned: true);
        foreach (var (i, series) in shown.Index())
        {
            var (colour, dashes) = (Colours[i % Colours.Length], Dashes[i % Dashes.Length]);
            var points = series.Points.Select(point => (X(point.X), Y(point.Y))).ToList();
            if (!series.IsDots)
                svg.Curve(points, colour, 2.2, dashes);
            foreach (var (px, py) in points)
                svg.Dot(px, py, series.IsDots ? 4 : 2.2, colour);
            var (legendX, legendY) = (Left + i % 2 * (Width / 2), Bottom + 62 + i / 2 * LegendLine);
            if (series.IsDots)
                svg.Dot(legendX + 14, legendY - 4, 4, colour);
            else
                svg.Line(legendX, legendY - 4, legendX + 28, legendY - 4, colour, 2.2, dashes);
            svg.Text(legendX + 34, legendY, series.Name, 12, "start");
        }
        return svg.ToString();
    }

    private bool IsShown((double X, double Y) point) =>
        double.IsFinite(point.X) && double.IsFinite(point.Y) && (!IsLogX || point.X > 0) && (!IsLogY || point.Y > 0);

    private static string Label(double tick, bool isLog) => isLog && (tick < 0.01 || tick > 100)
        ? FormattableString.Invariant($"1e{Math.Round(Math.Log10(tick)):0}")
        : tick.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>An axis from one value to another.</summary>
    private readonly record struct Scale(double From, double To, bool IsLog)
    {
        private const int MostDecades = 9;

        public static Scale Of(IEnumerable<double> values, bool isLog, double? top)
        {
            var list = values.DefaultIfEmpty(1).ToList();
            if (!isLog)
                return new(0, top ?? Axis.Above(list.Max()), false);
            var (from, to) = (Math.Floor(Math.Log10(list.Min()) + 1e-9), Math.Ceiling(Math.Log10(list.Max()) - 1e-9));
            return new(Math.Pow(10, from), Math.Pow(10, Math.Max(to, from + 1)), true);
        }

        public double Share(double value) => IsLog ? Math.Log10(value / From) / Math.Log10(To / From) : value / To;

        public IEnumerable<double> Ticks()
        {
            if (!IsLog)
                return Axis.Ticks(To);
            var (from, decades) = ((int)Math.Round(Math.Log10(From)), (int)Math.Round(Math.Log10(To / From)));
            var step = (decades + MostDecades - 1) / MostDecades;
            return Enumerable.Range(0, decades / step + 1).Select(i => Math.Pow(10, from + i * step));
        }
    }
}
