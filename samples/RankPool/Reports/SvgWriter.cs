using System.Globalization;
using System.Security;
using System.Text;

namespace RankPool.Reports;

/// <summary>Writes the few SVG elements that a chart needs, dark on white. Coordinates are pixels from the top left.</summary>
internal sealed class SvgWriter
{
    private readonly StringBuilder text = new();

    public SvgWriter(int width, int height)
    {
        Write($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="Helvetica, Arial, sans-serif" fill="#202020">""");
        Write($"""<rect width="{width}" height="{height}" fill="#FFFFFF"/>""");
    }

    public void Line(double x1, double y1, double x2, double y2, string colour, double width, string dashes = "none") =>
        Write($"""<line x1="{x1:0.##}" y1="{y1:0.##}" x2="{x2:0.##}" y2="{y2:0.##}" stroke="{colour}" stroke-width="{width:0.##}" stroke-dasharray="{dashes}"/>""");

    public void Curve(IEnumerable<(double X, double Y)> points, string colour, double width, string dashes)
    {
        var list = string.Join(' ', points
            .Where(point => double.IsFinite(point.Y))
            .Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.##},{point.Y:0.##}")));
        Write($"""<polyline points="{list}" fill="none" stroke="{colour}" stroke-width="{width:0.##}" stroke-dasharray="{dashes}" stroke-linejoin="round"/>""");
    }

    public void Dot(double x, double y, double radius, string colour)
    {
        if (double.IsFinite(y))
            Write($"""<circle cx="{x:0.##}" cy="{y:0.##}" r="{radius:0.##}" fill="{colour}"/>""");
    }

    public void Box(double x, double y, double width, double height, string colour) =>
        Write($"""<rect x="{x:0.##}" y="{y:0.##}" width="{width:0.##}" height="{height:0.##}" fill="{colour}"/>""");

    /// <summary>Writes text on one line; its start, middle or end stands at x.</summary>
    public void Text(double x, double y, string content, int size, string anchor, bool bold = false, bool turned = false)
    {
        var weight = bold ? " font-weight=\"bold\"" : "";
        var turn = turned ? string.Create(CultureInfo.InvariantCulture, $" transform=\"rotate(-90 {x:0.##} {y:0.##})\"") : "";
        // The white outline keeps text readable across curves.
        Write($"""<text x="{x:0.##}" y="{y:0.##}" font-size="{size}" text-anchor="{anchor}"{weight}{turn} stroke="#FFFFFF" stroke-width="3" paint-order="stroke">{SecurityElement.Escape(content)}</text>""");
    }

    /// <summary>Writes text that goes down to the right from its start at (x, y), or up to the right.</summary>
    public void TurnedText(double x, double y, string content, int size, bool upwards = false) =>
        Write($"""<text x="{x:0.##}" y="{y:0.##}" font-size="{size}" text-anchor="start" transform="rotate({(upwards ? -45 : 45)} {x:0.##} {y:0.##})">{SecurityElement.Escape(content)}</text>""");

    public override string ToString() => text + "</svg>\n";

    private void Write(FormattableString element) => text.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
