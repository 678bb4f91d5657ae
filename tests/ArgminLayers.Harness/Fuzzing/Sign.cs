namespace ArgminLayers.Harness.Fuzzing;

/// <summary>What is known about the sign of a value from how it is made; the larger, the more is known.</summary>
internal enum Sign
{
    Any,
    NonNegative,
    Positive,
}
