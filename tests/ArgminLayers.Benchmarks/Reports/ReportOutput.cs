using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ArgminLayers.Benchmarks.Measuring;
using Spectre.Console;

namespace ArgminLayers.Benchmarks.Reports;

/// <summary>Sections on the console, in a JSON file, and in a part of a Markdown file.</summary>
internal static class ReportOutput
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The widest table, in characters.</summary>
    private const int Width = 170;

    /// <summary>Prints tables and bars.</summary>
    public static void Print(IAnsiConsole console, IEnumerable<Section> sections)
    {
        // Into a file or a pipe there is no window to wrap at.
        if (!console.Profile.Out.IsTerminal)
            console.Profile.Width = Width;
        foreach (var section in sections)
        {
            console.WriteLine();
            console.MarkupLineInterpolated($"[bold]{section.Title}[/]");
            console.MarkupLineInterpolated($"{section.Text}");
            var table = new Table().Border(TableBorder.Rounded);
            foreach (var (column, index) in section.Columns.Select((column, index) => (column, index)))
            {
                var added = new TableColumn(Markup.Escape(column.Title));
                table.AddColumn(IsNumeric(section, index) ? added.RightAligned() : added);
            }
            foreach (var row in section.Rows)
                table.AddRow([.. Texts(section, row).Select(Markup.Escape)]);
            console.Write(table);
            foreach (var bar in section.Bars)
                console.MarkupLineInterpolated($"{bar.Sentence}");
        }
    }

    /// <summary>Prints the sections, and writes them where that is asked for.</summary>
    /// <param name="name">The part of the Markdown file.</param>
    /// <param name="heading">That part's heading.</param>
    /// <param name="device">The device, or null.</param>
    /// <param name="sections">The sections.</param>
    /// <param name="json">A file, or null.</param>
    /// <param name="markdown">A file, or null.</param>
    public static void Deliver(string name, string heading, string? device, IReadOnlyList<Section> sections, string? json, string? markdown)
    {
        Print(AnsiConsole.Console, sections);
        if (json is not null)
            WriteJson(json, sections);
        if (markdown is not null)
            WriteMarkdown(markdown, name, $"{heading}\n\n{Machine.Command(name.Split('-')[0], device)}\n", sections);
    }

    /// <summary>Writes the sections as JSON.</summary>
    public static void WriteJson(string path, IEnumerable<Section> sections) => File.WriteAllText(path, JsonSerializer.Serialize(sections, Layout));

    /// <summary>Reads what <see cref="WriteJson"/> wrote.</summary>
    public static IReadOnlyList<Section> ReadJson(string path) => JsonSerializer.Deserialize<Section[]>(File.ReadAllText(path))!;

    /// <summary>Replaces the part of a Markdown file between the marks <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- /name --&gt;</c>, or adds it at the end.</summary>
    /// <param name="path">The file; made where it is missing.</param>
    /// <param name="name">The part's name.</param>
    /// <param name="heading">The part's heading and the lines under it.</param>
    /// <param name="sections">The sections.</param>
    public static void WriteMarkdown(string path, string name, string heading, IEnumerable<Section> sections)
    {
        var (begin, end) = ($"<!-- {name} -->", $"<!-- /{name} -->");
        var old = File.Exists(path) ? File.ReadAllText(path) : "";
        var part = $"{begin}\n{heading}{string.Concat(sections.Select(Markdown))}{end}\n";
        var (from, to) = (old.IndexOf(begin, StringComparison.Ordinal), old.IndexOf(end, StringComparison.Ordinal));
        File.WriteAllText(path, from < 0 ? $"{old}{(old.Length > 0 ? "\n" : "")}{part}" : $"{old[..from]}{part}{old[(to + end.Length)..].TrimStart('\n')}");
    }

    private static string Markdown(Section section)
    {
        var text = new StringBuilder().Append("\n### ").Append(section.Title).Append("\n\n").Append(section.Text).Append("\n\n");
        text.Append('|').AppendJoin('|', section.Columns.Select(column => $" {column.Title} ")).Append("|\n");
        text.Append('|').AppendJoin('|', section.Columns.Select((_, index) => IsNumeric(section, index) ? "---:" : "---")).Append("|\n");
        foreach (var row in section.Rows)
            text.Append('|').AppendJoin('|', Texts(section, row).Select(cell => $" {cell} ")).Append("|\n");
        if (section.Bars.Count > 0)
            text.Append('\n');
        foreach (var bar in section.Bars)
            text.Append("- ").Append(bar.Sentence).Append('\n');
        return text.ToString();
    }

    private static IEnumerable<string> Texts(Section section, IReadOnlyList<Cell> row)
        => row.Zip(section.Columns, (cell, column) => cell.Text ?? cell.Number?.ToString(column.Format, CultureInfo.InvariantCulture) ?? "–");

    private static bool IsNumeric(Section section, int column) => section.Rows.Any(row => row[column].Number is not null);
}
