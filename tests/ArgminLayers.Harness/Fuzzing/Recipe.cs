namespace ArgminLayers.Harness.Fuzzing;

/// <summary>How a random objective may grow by one operation.</summary>
/// <param name="Operations">The operations that it may use: "name/kinds" of the compiler's table, or a feature of the language.</param>
/// <param name="Draw">A step on what is there already, or null where nothing fits.</param>
/// <param name="Weight">How often it is drawn, relative to others.</param>
internal sealed record Recipe(IReadOnlyList<string> Operations, Func<Sampler, Step?> Draw, double Weight = 1);
