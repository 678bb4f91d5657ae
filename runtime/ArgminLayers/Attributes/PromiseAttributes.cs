namespace ArgminLayers;

/// <summary>Promises that every element of the parameter is ≥ 0. Smoothness and convexity may rest on it, so the layer checks it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class NonNegativeAttribute : Attribute;

/// <summary>Promises that every element of the parameter is > 0. Smoothness and convexity may rest on it, so the layer checks it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PositiveAttribute : Attribute;

/// <summary>
/// Promises that the matrix in the last two dimensions of the parameter is symmetric and positive definite. Convexity may rest on it, and that a system or a determinant has
/// a value, so the layer checks it: symmetric within rounding, and a Cholesky factorisation succeeds. The parameter's gradient is that of a matrix without symmetry.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class PositiveDefiniteAttribute : Attribute;
