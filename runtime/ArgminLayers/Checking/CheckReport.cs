namespace ArgminLayers;

/// <summary>
/// What <c>Check</c> found: every piece of a layer compared with central differences that rest on the objective's value alone, in float64.
/// </summary>
/// <remarks>
/// A piece agrees when its distance from the differences is explained by their own error, which falls as h² with the step h until rounding takes over. A wrong
/// derivative stays at a distance whatever the step.
/// </remarks>
/// <param name="Objective">The objective's name.</param>
/// <param name="Points">What was found at each point.</param>
public sealed record CheckReport(string Objective, IReadOnlyList<PointCheck> Points)
{
    /// <summary>Whether nothing differs, at no point.</summary>
    public bool Passed => Points.All(static point => point.Passed);

    /// <summary>The comparisons that differ.</summary>
    public IEnumerable<PieceComparison> Differences => Points.SelectMany(static point => point.Comparisons).Where(static comparison => comparison.Agreement == Agreement.Differs);

    /// <summary>The findings as text.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine,
        Points.Select(static point => point.ToString()).Prepend($"Check of {Objective}: {(Passed ? "every piece agrees with the objective" : $"{Differences.Count()} comparisons DIFFER")}."));
}
