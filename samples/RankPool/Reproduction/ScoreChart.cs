using System.Globalization;
using RankPool.Reports;

namespace RankPool.Reproduction;

/// <summary>The rows of a table as bars with their intervals, and the paper's numbers beside them.</summary>
internal static class ScoreChart
{
    private const double Left = 330, Width = 560, RowHeight = 34, Top = 46;
    private static readonly string Ours = Palette.Colour(0), Papers = Palette.Colour(1);

    public static string ToSvg(IReadOnlyList<RowSummary> rows, string measure)
    {
        var bottom = Top + RowHeight * rows.Count;
        var svg = new SvgWriter(980, (int)bottom + 56);
        double X(double percent) => Left + Width * percent / 100;
        for (var tick = 0; tick <= 100; tick += 20)
        {
            svg.Line(X(tick), Top - 6, X(tick), bottom, Palette.Grid, 1);
            svg.Text(X(tick), bottom + 16, tick.ToString(CultureInfo.InvariantCulture), 12, "middle");
        }
        svg.Text(Left + Width / 2, bottom + 36, measure, 13, "middle");
        foreach (var (i, row) in rows.Index())
        {
            var y = Top + RowHeight * i;
            svg.Text(Left - 10, y + 18, row.Row.Name, 13, "end");
            svg.Box(X(0), y + 6, Math.Max(X(row.Score) - X(0), 0.5), 16, Ours);
            svg.Line(X(row.Low), y + 14, X(row.High), y + 14, Palette.Ink, 1.5);
            foreach (var end in (double[])[row.Low, row.High])
                svg.Line(X(end), y + 10, X(end), y + 18, Palette.Ink, 1.5);
            svg.Line(X(row.Row.Paper), y + 1, X(row.Row.Paper), y + 27, Papers, 4);
        }
        svg.Box(Left, 14, 14, 12, Ours);
        svg.Text(Left + 20, 25, "here, with its 95 % interval", 13, "start");
        svg.Line(Left + 230, 12, Left + 230, 28, Papers, 4);
        svg.Text(Left + 240, 25, "the paper", 13, "start");
        return svg.ToString();
    }
}
