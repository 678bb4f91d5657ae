namespace ArgminLayers.Harness.Fuzzing;

/// <summary>A random objective whose generated code is not right.</summary>
/// <param name="Objective">The objective.</param>
/// <param name="What">Which piece, and how it differs.</param>
/// <param name="Point">Where; null where it did not come to that.</param>
internal sealed record Mismatch(RandomObjective Objective, string What, Point? Point)
{
    /// <summary>Whether the objective's own source does not compile: a fault of a recipe, not of the compiler.</summary>
    public bool IsSourceFault => What.Contains("Source0.cs", StringComparison.Ordinal);
}
