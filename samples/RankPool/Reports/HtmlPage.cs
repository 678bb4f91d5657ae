using System.Net;
using System.Text;

namespace RankPool.Reports;

/// <summary>An HTML page that needs no other file. All texts are plain text.</summary>
internal sealed class HtmlPage
{
    private const string Style = """
        body { font: 16px/1.5 Helvetica, Arial, sans-serif; color: #202020; max-width: 1180px; margin: 2em auto; padding: 0 1em; }
        table { border-collapse: collapse; margin: 1em 0; } th, td { padding: .25em .8em; border-bottom: 1px solid #ddd; text-align: right; }
        th:first-child, td:first-child { text-align: left; }
        .pictures { display: flex; flex-wrap: wrap; gap: 12px; } svg { max-width: 100%; height: auto; }
        .verdict { font-size: 1.2em; font-weight: bold; } pre { background: #f4f4f4; padding: 1em; overflow: auto; font-size: 13px; }
        """;

    private readonly StringBuilder text = new();

    public HtmlPage(string title)
    {
        Line("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        Line($"<title>{Plain(title)}</title>\n<style>\n{Style}\n</style></head><body>\n<h1>{Plain(title)}</h1>");
    }

    /// <summary>Begins a section.</summary>
    public void Section(string heading, string explanation = "")
    {
        Line($"<h2>{Plain(heading)}</h2>");
        if (explanation.Length > 0)
            Paragraph(explanation);
    }

    public void Paragraph(string content) => Line($"<p>{Plain(content)}</p>");

    /// <summary>The sentence that a reader should remember.</summary>
    public void Verdict(string content) => Line($"<p class=\"verdict\">{Plain(content)}</p>");

    /// <summary>A table; its first column holds names, the others numbers.</summary>
    public void Table(IEnumerable<string> headings, IEnumerable<IEnumerable<string>> lines)
    {
        Line("<table><tr>" + string.Concat(headings.Select(heading => $"<th>{Plain(heading)}</th>")) + "</tr>");
        foreach (var line in lines)
            Line("<tr>" + string.Concat(line.Select(cell => $"<td>{Plain(cell)}</td>")) + "</tr>");
        Line("</table>");
    }

    /// <summary>SVG pictures, side by side where there is room.</summary>
    public void Pictures(params IEnumerable<string> svg) => Line($"<div class=\"pictures\">\n{string.Concat(svg)}</div>");

    /// <summary>Text as it is, in a fixed-width font.</summary>
    public void Listing(string content) => Line($"<pre>{Plain(content)}</pre>");

    /// <summary>The whole page.</summary>
    public override string ToString() => text + "</body></html>\n";

    private void Line(string html) => text.Append(html).Append('\n');

    private static string Plain(string content) => WebUtility.HtmlEncode(content);
}
