using System.Globalization;
using RankPool.Reports;
using RankPool.Training;

namespace RankPool.Reproduction;

/// <summary>What happens class by class.</summary>
internal static class ClassCharts
{
    /// <summary>A group of bars for every class, a bar for every row: the mean over the seeds.</summary>
    public static string Bars(IReadOnlyList<RowSummary> rows, IReadOnlyList<string> classes, bool multiLabel, string measure)
    {
        const double left = 70, top = 20, height = 240, width = 890, bottom = top + height;
        var legend = bottom + 120;
        var svg = new SvgWriter(980, (int)legend + 20 * ((rows.Count + 1) / 2));
        foreach (var tick in (int[])[0, 20, 40, 60, 80, 100])
        {
            var y = bottom - height * tick / 100;
            svg.Line(left, y, left + width, y, Palette.Grid, 1);
            svg.Text(left - 8, y + 4, tick.ToString(CultureInfo.InvariantCulture), 12, "end");
        }
        svg.Text(20, top + height / 2, measure, 13, "middle", turned: true);
        var perClass = rows.Select(row => row.Runs.Select(run => Metrics.PerClass(run.Predictions, classes.Count, multiLabel)).ToList()).ToList();
        var group = width / classes.Count;
        var bar = group * 0.8 / rows.Count;
        for (var label = 0; label < classes.Count; label++)
        {
            for (var i = 0; i < rows.Count; i++)
            {
                var score = perClass[i].Average(run => run[label]);
                if (double.IsFinite(score))
                    svg.Box(left + group * (label + 0.1) + bar * i, bottom - height * score, bar * 0.9, Math.Max(height * score, 0.5), Palette.Colour(i));
            }
            svg.TurnedText(left + group * (label + 0.5), bottom + 12, classes[label], 12);
        }
        svg.Line(left, bottom, left + width, bottom, Palette.Ink, 1);
        for (var i = 0; i < rows.Count; i++)
        {
            var (x, y) = (left + 450 * (i % 2), legend + 20 * (i / 2));
            svg.Box(x, y - 11, 14, 12, Palette.Colour(i));
            svg.Text(x + 20, y, rows[i].Row.Name, 13, "start");
        }
        return svg.ToString();
    }

    /// <summary>How often clips of a class (a line) get which answer (a column), in percent over all seeds.</summary>
    public static string Confusion(RowSummary row, IReadOnlyList<string> classes)
    {
        const double left = 190, top = 150;
        var cell = Math.Min(52, 760.0 / classes.Count);
        var size = cell * classes.Count;
        var svg = new SvgWriter((int)(left + size + 40), (int)(top + size + 30));
        var counts = new int[classes.Count, classes.Count];
        foreach (var prediction in row.Runs.SelectMany(run => run.Predictions))
            counts[prediction.Labels[0], prediction.Answer]++;
        for (var label = 0; label < classes.Count; label++)
        {
            var total = Enumerable.Range(0, classes.Count).Sum(answer => counts[label, answer]);
            svg.Text(left - 8, top + cell * (label + 0.5) + 4, classes[label], 12, "end");
            svg.TurnedText(left + cell * (label + 0.5), top - 8, classes[label], 12, upwards: true);
            for (var answer = 0; answer < classes.Count; answer++)
            {
                var share = total == 0 ? 0 : counts[label, answer] / (double)total;
                svg.Box(left + cell * answer, top + cell * label, cell - 1, cell - 1, Shade(share));
                if (counts[label, answer] > 0)
                    svg.Text(left + cell * (answer + 0.5), top + cell * (label + 0.5) + 4, (100 * share).ToString("0", CultureInfo.InvariantCulture), 12, "middle");
            }
        }
        svg.Text(left + size / 2, top + size + 20, "answer", 13, "middle");
        svg.Text(20, top + size / 2, "shown", 13, "middle", turned: true);
        return svg.ToString();
    }

    /// <summary>From white to blue.</summary>
    private static string Shade(double share)
    {
        int Between(int white, int blue) => (int)Math.Round(white + share * (blue - white));
        return FormattableString.Invariant($"#{Between(0xF4, 0x56):X2}{Between(0xF4, 0xB4):X2}{Between(0xF4, 0xE9):X2}");
    }
}
