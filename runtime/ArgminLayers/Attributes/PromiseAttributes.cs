namespace ArgminLayers;

/// <summary>Promises that every element of the parameter is ≥ 0. Smoothness and convexity may rest on it, so the layer checks it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NonNegativeAttribute : Attribute;

/// <summary>Promises that every element of the parameter is > 0. Smoothness and convexity may rest on it, so the layer checks it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PositiveAttribute : Attribute;
