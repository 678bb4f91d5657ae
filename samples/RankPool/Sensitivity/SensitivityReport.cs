using System.Collections;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RankPool.Files;

namespace RankPool.Sensitivity;

/// <summary>A study written down: one HTML page that needs nothing else, and the figures as JSON and CSV.</summary>
internal sealed class SensitivityReport(SensitivityResults results, StudySettings settings)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    private const string Style = """
        body { font: 16px/1.5 Helvetica, Arial, sans-serif; color: #202020; max-width: 1180px; margin: 2em auto; padding: 0 1em; }
        .charts { display: flex; flex-wrap: wrap; gap: 12px; }
        .answer p:first-child { font-size: 1.2em; font-weight: bold; }
        table { border-collapse: collapse; font-size: 0.9em; } td, th { border: 1px solid #d0d0d0; padding: 2px 10px; text-align: right; }
        """;

    /// <summary>How much C matters, in sentences that the figures decide.</summary>
    public IReadOnlyList<string> Answer { get; } = SensitivityAnswer.Of(results, settings);

    /// <summary>Writes the page and the figures into a folder.</summary>
    /// <returns>The page.</returns>
    /// <exception cref="DataException">A file cannot be written.</exception>
    public string Write(string folder)
    {
        var page = Path.Combine(folder, "sensitivity.html");
        AtomicFile.Write(page, ToHtml());
        AtomicFile.Write(Path.Combine(folder, "sensitivity.json"), ToJson() + "\n");
        AtomicFile.Write(Path.Combine(folder, "sweep.csv"), Csv(results.Sweep));
        AtomicFile.Write(Path.Combine(folder, "end-to-end.csv"), Csv(results.EndToEnd));
        AtomicFile.Write(Path.Combine(folder, "derivative.csv"), Csv(results.Derivative));
        AtomicFile.Write(Path.Combine(folder, "stability.csv"), Csv(results.Stability));
        AtomicFile.Write(Path.Combine(folder, "learned.csv"), Csv(results.Learned.SelectMany(one => one.Path.Select((step, i) => new { one.Start, Step = i, step.C, step.Loss }))));
        return page;
    }

    /// <summary>The answer, the settings and all figures.</summary>
    public string ToJson() => JsonSerializer.Serialize(new { Answer, Settings = settings, Results = results }, Json);

    private string ToHtml()
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>Rank pooling: how much does C matter?</title><style>{Style}</style></head><body>
            <h1>Rank pooling: how much does C matter?</h1>
            <p>Data: {Text(results.Data)}, {results.Classes} classes, {results.TrainingSequences} sequences for training and {results.EvaluationSequences} to judge on.
            The pooled vector is u = argmin ½‖u‖² + (C/2) Σ [ |t − uᵀv_t| − ε ]₊², with frames of unit length; ε is {settings.Epsilon} where nothing else is said.</p>
            <div class="answer">{string.Concat(Answer.Select(sentence => $"<p>{Text(sentence)}</p>"))}</div>

            """);
        foreach (var (heading, text, charts) in SensitivityCharts.Of(results, settings))
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(heading)}</h2><p>{Text(text)}</p><div class=\"charts\">\n");
            foreach (var chart in charts)
                page.Append(chart.ToSvg());
            page.Append("</div>\n");
        }
        page.Append("<table><tr><th>start</th><th>learned C</th><th>steps</th><th>loss</th><th>slope</th><th>accuracy</th></tr>\n");
        foreach (var one in results.Learned)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{SensitivityAnswer.Number(one.Start)}</td><td>{SensitivityAnswer.Number(one.C)}</td><td>{one.Path.Count - 1}</td>");
            page.Append(CultureInfo.InvariantCulture, $"<td>{one.Path[^1].Loss:0.0000}</td><td>{one.Slope:0.0e0}</td><td>{100 * one.Accuracy:0.0} %</td></tr>\n");
        }
        return page.Append("</table></body></html>\n").ToString();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A line per record, a column per property.</summary>
    private static string Csv<T>(IEnumerable<T> records)
    {
        var properties = typeof(T).GetProperties().Where(property => !typeof(IList).IsAssignableFrom(property.PropertyType)).ToList();
        var lines = records.Select(record => string.Join(',', properties.Select(property => Convert.ToString(property.GetValue(record), CultureInfo.InvariantCulture))));
        return string.Join('\n', lines.Prepend(string.Join(',', properties.Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))))) + "\n";
    }
}
