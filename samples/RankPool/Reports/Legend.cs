namespace RankPool.Reports;

/// <summary>What the curves of a chart are called, in columns.</summary>
internal sealed record Legend(IReadOnlyList<ChartSeries> Series, int Columns, double ColumnWidth)
{
    private const int LineHeight = 19;

    public int Height => LineHeight * ((Series.Count + Columns - 1) / Columns);

    /// <summary>Draws it below and to the right of a point.</summary>
    public void Draw(SvgWriter svg, double left, double top)
    {
        foreach (var (i, series) in Series.Index())
        {
            var (x, y) = (left + i % Columns * ColumnWidth, top + i / Columns * LineHeight);
            if (series.IsDots)
                svg.Dot(x + 14, y - 4, 4, Palette.Colour(i));
            else
                svg.Line(x, y - 4, x + 28, y - 4, Palette.Colour(i), 2.2, Palette.Dashes(i));
            svg.Text(x + 34, y, series.Name, 12, "start");
        }
    }
}
