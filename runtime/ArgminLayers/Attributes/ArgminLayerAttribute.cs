namespace ArgminLayers;

/// <summary>
/// Marks a static method <c>f(y, x₁, …)</c> as an objective whose minimiser <c>y*(x) = argmin_y f(y, x)</c> becomes a layer.
/// </summary>
/// <param name="name">The generated class's name; by default the method's name with <c>Layer</c> appended.</param>
/// <remarks>
/// The method states one problem, without batch dimensions, and returns a scalar tensor. Exactly one parameter carries
/// <see cref="ArgminAttribute"/>; every <c>Tensor</c> parameter carries <see cref="ShapeAttribute"/>.
/// <c>double</c> and <c>int</c> parameters become constructor arguments of the layer.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ArgminLayerAttribute(string? name = null) : Attribute
{
    /// <summary>The generated class's name, or null for the method's name with <c>Layer</c> appended.</summary>
    public string? Name { get; } = name;
}
