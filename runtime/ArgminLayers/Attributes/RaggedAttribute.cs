namespace ArgminLayers;

/// <summary>
/// Marks a scalar input that says how many elements along an extent are the problem's own; the others are padding. The objective states a problem without padding, and
/// need not use the input: in the layer, sums, means and reductions over the extent leave the padding out, and its gradient is 0.
/// </summary>
/// <param name="extent">The name of the extent, an axis of other inputs.</param>
/// <remarks>The lengths have the dtype of the other inputs, and the layer checks that every one is a whole number from 1 to the extent. Padding may be any finite number that keeps the promises.</remarks>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class RaggedAttribute(string extent) : Attribute
{
    /// <summary>The name of the extent.</summary>
    public string Extent { get; } = extent;
}
