namespace ArgminLayers.Harness.Fuzzing;

/// <summary>A number of the host language in a random objective.</summary>
/// <param name="Text">The C# text, in parentheses where it is not a single name.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsPositive">Whether it is above 0 whatever the parameters are.</param>
/// <param name="Operations">What its text uses.</param>
internal sealed record Number(string Text, Func<Point, double> Value, bool IsPositive, IReadOnlyList<string> Operations);
