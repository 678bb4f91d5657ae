namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Where a random objective is evaluated.</summary>
/// <param name="Extents">The extent of each symbol.</param>
/// <param name="Arguments">The arguments by parameter.</param>
internal sealed record Point(IReadOnlyDictionary<string, long> Extents, Dictionary<string, object> Arguments)
{
    /// <summary>The value of a parameter that is a number.</summary>
    public double Number(string name) => Convert.ToDouble(Arguments[name], System.Globalization.CultureInfo.InvariantCulture);
}
