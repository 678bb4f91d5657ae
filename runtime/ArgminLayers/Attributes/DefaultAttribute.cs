namespace ArgminLayers;

/// <summary>Makes a tensor input optional: the layer gets a shorter <c>call</c> and <c>Solve</c>, in which every element of the input has this value.</summary>
/// <param name="value">The value of every element.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DefaultAttribute(double value) : Attribute
{
    /// <summary>The value of every element.</summary>
    public double Value { get; } = value;
}
