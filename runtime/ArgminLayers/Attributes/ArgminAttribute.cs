namespace ArgminLayers;

/// <summary>Marks the parameter that the layer minimises over: y in <c>argmin_y f(x, y)</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class ArgminAttribute : Attribute;
