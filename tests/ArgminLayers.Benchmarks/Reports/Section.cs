namespace ArgminLayers.Benchmarks.Reports;

/// <summary>One table of a report, with the bars that its figures are held to.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Text">What was measured and how, in a sentence or two.</param>
/// <param name="Columns">Headings, with the format of a column's numbers.</param>
/// <param name="Rows">One cell a column: a number (NaN where there is none) or a text.</param>
/// <param name="Bars">What the figures are compared with.</param>
internal sealed record Section(string Title, string Text, IReadOnlyList<Column> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows, IReadOnlyList<Bar> Bars);

/// <summary>A column.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Format">The .NET format of its numbers.</param>
internal sealed record Column(string Title, string Format = "0.00");

/// <summary>A number or a text.</summary>
/// <param name="Number">The number, or null.</param>
/// <param name="Text">The text, or null.</param>
internal sealed record Cell(double? Number, string? Text)
{
    public static implicit operator Cell(double number) => new(double.IsFinite(number) ? number : null, null);

    public static implicit operator Cell(string text) => new(null, text);
}

/// <summary>A figure and its limit.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Figure">What was measured.</param>
/// <param name="Limit">Its limit.</param>
/// <param name="IsMost">Whether the limit is the most that meets the bar, not the least.</param>
/// <param name="Unit">What stands behind the numbers.</param>
internal sealed record Bar(string Name, double Figure, double Limit, bool IsMost, string Unit = "×")
{
    /// <summary>Whether the figure meets the bar.</summary>
    public bool IsMet => IsMost ? Figure <= Limit : Figure >= Limit;

    /// <summary>The bar in a sentence.</summary>
    public string Sentence => FormattableString.Invariant($"{Name}: {Figure:0.###} {Unit} ({(IsMost ? "at most" : "at least")} {Limit:0.###}): {(IsMet ? "met" : "missed")}");
}
