namespace ArgminLayers;

/// <summary>What the compiler found out about a generated layer's objective, for the analyzer that checks the options the layer is made with.</summary>
/// <param name="structure">What the Hessian is made of.</param>
/// <param name="hasLinearPredictor">Whether the objective is <c>½ρ‖y‖² + cᵀy + φ(Ay + b)</c>, so that <see cref="SolverKind.SpanNewton"/> applies.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LayerFactsAttribute(HessianStructure structure, bool hasLinearPredictor) : Attribute
{
    /// <summary>What the Hessian is made of.</summary>
    public HessianStructure Structure { get; } = structure;

    /// <summary>Whether <see cref="SolverKind.SpanNewton"/> applies.</summary>
    public bool HasLinearPredictor { get; } = hasLinearPredictor;
}
