using System.Globalization;
using Spectre.Console;
using TorchSharp;

namespace ArgminLayers.Benchmarks.Binding;

/// <summary>One table: here, in Python, and the bars that SystemLibtorch has to keep.</summary>
internal static class BindingReport
{
    private static readonly Dictionary<string, double> MostTimesPython = new()
    {
        [BindingOperations.Add] = 1.1,
        [BindingOperations.MatrixProduct] = 1.1,
        [BindingOperations.Function] = 1.0,
    };

    private static readonly Dictionary<string, double> MostNanoseconds = new()
    {
        [BindingOperations.Shape] = 50,
        [BindingOperations.Item] = 200,
    };

    private const int WidthInAFile = 120;

    internal static void Print(IAnsiConsole console, BindingComparison comparison)
    {
        if (Console.IsOutputRedirected)
            console.Profile.Width = WidthInAFile;
        string binding = typeof(torch).Assembly.GetName().Name!;
        string python = comparison.PythonVersion is { } version ? $"torch {version}" : $"not compared, {comparison.WhyAlone}";
        console.MarkupLineInterpolated($"libtorch {comparison.Version} through {binding}, one thread; Python: {python}");
        console.MarkupLineInterpolated($"Medians over {comparison.Processes} processes of each (in brackets the least and the most of a process):");
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Operation");
        foreach (string title in new[] { "Here, ns", "Python, ns", "Ratio" })
            table.AddColumn(new TableColumn(title).RightAligned());
        table.AddColumn("Bar");
        foreach (var (name, row) in comparison.Rows)
            table.AddRow(name, Spread(row.Here, "0"), row.Python.Count == 0 ? "–" : Format(BindingComparison.Median(row.Python), "0"), Spread(row.Ratios, "0.00"), Verdict(name, row));
        console.Write(table);
        console.MarkupLineInterpolated($"Reading a shape allocates {Format(BindingOperations.ShapeAllocation(), "0.#")} bytes.");
        console.MarkupLineInterpolated(
            $"Freeing a chain of custom functions takes {Format(BindingOperations.Freeing(16_000), "0")} ns a node of 16,000, and {Format(BindingOperations.Freeing(64_000), "0")} of 64,000.");
    }

    // The bars are SystemLibtorch's; TorchSharp promises none.
    private static string Verdict(string name, BindingComparison.Row row)
    {
        if (typeof(torch).Assembly.GetName().Name == "TorchSharp")
            return "";
        if (MostNanoseconds.TryGetValue(name, out double limit))
            return $"≤ {Format(limit, "0")} ns: {(BindingComparison.Median(row.Here) <= limit ? "met" : "missed")}";
        if (!MostTimesPython.TryGetValue(name, out double times))
            return "";
        string kept = row.Python.Count == 0 ? "not compared" : BindingComparison.Median(row.Ratios) <= times ? "met" : "missed";
        return $"≤ {Format(times, "0.0")} × Python: {kept}";
    }

    private static string Spread(IEnumerable<double> values, string format)
    {
        double[] all = [.. values];
        return all.Length == 0 ? "–" : $"{Format(BindingComparison.Median(all), format)} ({Format(all.Min(), format)}–{Format(all.Max(), format)})";
    }

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
