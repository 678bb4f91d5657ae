namespace ArgminLayers.Differentiation;

/// <summary>What the solution of a form of the Hessian is worth as λ = H⁻¹ ∂L/∂y.</summary>
internal enum AdjointAccuracy
{
    /// <summary>The form solves with H itself.</summary>
    Exact,

    /// <summary>The same, but it has lost digits that an iterative refinement, <c>λ + H⁻¹(∂L/∂y − Hλ)</c>, gives back.</summary>
    Refined,

    /// <summary>The form solves with another matrix in H's place: refining its solution with H would lead away from what it stands for.</summary>
    Approximate,
}
