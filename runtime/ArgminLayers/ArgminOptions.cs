namespace ArgminLayers;

/// <summary>How a layer solves its problems. Immutable: one instance can serve many layers.</summary>
public sealed record ArgminOptions
{
    /// <summary>How systems with the Hessian are solved.</summary>
    public HessianForm Hessian { get; init; } = HessianForm.Auto;

    /// <summary>How a minimum is found.</summary>
    public SolverKind Solver { get; init; } = SolverKind.Auto;

    /// <summary>The most Newton steps spent on a problem; a problem that needs more ends as <see cref="ArgminStatus.IterationLimit"/>.</summary>
    public int MaxIterations { get; init; } = 100;

    /// <summary>Whether <c>call</c> throws <see cref="ArgminException"/> when a problem did not end well. <c>Solve</c> never throws for that.</summary>
    public bool ThrowOnFailure { get; init; } = true;
}
