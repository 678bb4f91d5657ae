namespace RankPool.Reports;

/// <summary>A curve of a chart.</summary>
/// <param name="Name">Its line in the legend.</param>
/// <param name="Points">Its points, in the order in which they are joined.</param>
/// <param name="IsDots">Whether points are dots, and not joined.</param>
internal sealed record ChartSeries(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsDots = false);

/// <summary>A chart of curves as an SVG picture. A logarithmic axis leaves out what is not positive; a linear one starts at 0.</summary>
internal sealed record LineChart(string Title, string XLabel, string YLabel)
{
    private const double Left = 78, Top = 44, Width = 440, Height = 260;
    private const double LegendGap = 62;

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    public bool IsLogX { get; init; }

    public bool IsLogY { get; init; }

    /// <summary>The last of the whole numbers that the horizontal axis counts from 1 on; null for an axis that measures.</summary>
    public int? XCountsTo { get; init; }

    /// <summary>The end of a linear vertical axis; what the points need where null.</summary>
    public double? YTop { get; init; }

    /// <summary>Horizontal lines, each with what it means.</summary>
    public IReadOnlyList<(double Y, string Name)> Levels { get; init; } = [];

    /// <summary>Draws the chart as a picture of its own, with its legend.</summary>
    public string ToSvg()
    {
        var names = new Legend(Series, Columns: 2, ColumnWidth: Width / 2);
        var svg = new SvgWriter(width: 560, height: (int)(Top + Height + LegendGap + names.Height));
        Draw(svg, Left, Top, Width, Height);
        names.Draw(svg, Left, Top + Height + LegendGap);
        return svg.ToString();
    }

    /// <summary>Draws the chart into a picture; the rectangle is that of the curves, and title and labels stand around it.</summary>
    public void Draw(SvgWriter svg, double left, double top, double width, double height)
    {
        var bottom = top + height;
        Scale x = XCountsTo is { } last ? new Scale.Counting(last) : Axis(Series.SelectMany(series => series.Points.Select(point => point.X)), IsLogX, null);
        var y = Axis(Series.SelectMany(series => series.Points.Select(point => point.Y)), IsLogY, YTop);
        double X(double value) => left + width * x.Share(value);
        double Y(double value) => bottom - height * y.Share(value);

        svg.Text(left + width / 2, top - 18, Title, 14, "middle", bold: true);
        foreach (var tick in y.Ticks())
        {
            svg.Line(left, Y(tick), left + width, Y(tick), Palette.Grid, 1);
            svg.Text(left - 8, Y(tick) + 4, y.Label(tick), 12, "end");
        }
        foreach (var tick in x.Ticks())
        {
            svg.Line(X(tick), bottom, X(tick), bottom + 5, Palette.Ink, 1);
            svg.Text(X(tick), bottom + 19, x.Label(tick), 12, "middle");
        }
        svg.Line(left, top, left, bottom, Palette.Ink, 1);
        svg.Line(left, bottom, left + width, bottom, Palette.Ink, 1);
        svg.Text(left + width / 2, bottom + 40, XLabel, 13, "middle");
        svg.Text(left - 54, top + height / 2, YLabel, 13, "middle", turned: true);
        foreach (var (level, _) in Levels)
            svg.Line(left, Y(level), left + width, Y(level), Palette.Level, 1, "4 4");
        foreach (var (i, series) in Series.Index())
        {
            var points = series.Points.Where(point => x.Shows(point.X) && y.Shows(point.Y)).Select(point => (X(point.X), Y(point.Y))).ToList();
            if (!series.IsDots)
                svg.Curve(points, Palette.Colour(i), 2.2, Palette.Dashes(i));
            foreach (var (px, py) in points)
                svg.Dot(px, py, series.IsDots ? 4 : 2.2, Palette.Colour(i));
        }
        foreach (var (level, name) in Levels)
            svg.Text(left + width - 8, Y(level) - 5, name, 11, "end");
    }

    private static Scale Axis(IEnumerable<double> values, bool isLog, double? top)
    {
        var finite = values.Where(double.IsFinite);
        return isLog ? Scale.Logarithmic.Of(finite.Where(value => value > 0)) : top is { } end ? new Scale.Linear(0, end) : Scale.FromZero(finite);
    }
}
