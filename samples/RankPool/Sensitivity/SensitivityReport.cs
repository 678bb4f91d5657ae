using System.Collections;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RankPool.Files;
using RankPool.Reports;

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
        var page = new HtmlPage("Rank pooling: how much does C matter?");
        page.Paragraph(FormattableString.Invariant($"Data: {results.Data}, {results.Classes} classes, {results.TrainingSequences} sequences for training and {results.EvaluationSequences} to judge on. ")
            + FormattableString.Invariant($"The pooled vector is u = argmin ½‖u‖² + (C/2) Σ [ |t − uᵀv_t| − ε ]₊², with frames of unit length; ε is {settings.Epsilon} where nothing else is said."));
        page.Verdict(Answer[0]);
        foreach (var sentence in Answer.Skip(1))
            page.Paragraph(sentence);
        foreach (var (heading, text, charts) in SensitivityCharts.Of(results, settings))
        {
            page.Section(heading, text);
            page.Pictures(charts.Select(chart => chart.ToSvg()));
        }
        page.Table(
            ["start", "learned C", "steps", "loss", "slope", "accuracy"],
            results.Learned.Select(one => (string[])
                [SensitivityAnswer.Number(one.Start), SensitivityAnswer.Number(one.C), FormattableString.Invariant($"{one.Path.Count - 1}"),
                    FormattableString.Invariant($"{one.Path[^1].Loss:0.0000}"), FormattableString.Invariant($"{one.Slope:0.0e0}"), Figures.Percent(one.Accuracy)]));
        return page.ToString();
    }

    /// <summary>A line per record, a column per property.</summary>
    private static string Csv<T>(IEnumerable<T> records)
    {
        var properties = typeof(T).GetProperties().Where(property => !typeof(IList).IsAssignableFrom(property.PropertyType)).ToList();
        var lines = records.Select(record => string.Join(',', properties.Select(property => Convert.ToString(property.GetValue(record), CultureInfo.InvariantCulture))));
        return string.Join('\n', lines.Prepend(string.Join(',', properties.Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))))) + "\n";
    }
}
