namespace ArgminLayers;

/// <summary>The extents of a tensor parameter of one problem, without batch dimensions: <c>[Shape("T", "D")]</c>, <c>[Shape(3)]</c>.</summary>
/// <param name="extents">
/// One entry a dimension: a name, equal wherever it is used, or a number. None (<c>[Shape]</c>) declares a scalar.
/// </param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ShapeAttribute(params object[] extents) : Attribute
{
    /// <summary>One entry a dimension: a <see cref="string"/> (a name) or an <see cref="int"/>.</summary>
    public IReadOnlyList<object> Extents { get; } = extents;
}
