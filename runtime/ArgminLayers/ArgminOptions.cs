using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>How a layer solves its problems. Immutable: one instance can serve many layers.</summary>
public sealed record ArgminOptions
{
    /// <summary>How systems with the Hessian are solved.</summary>
    public HessianForm Hessian { get; init; } = HessianForm.Auto;

    /// <summary>How a minimum is found.</summary>
    public SolverKind Solver { get; init; } = SolverKind.Auto;

    /// <summary>The most steps spent on a problem; a problem that needs more ends as <see cref="ArgminStatus.IterationLimit"/>. Null for 100, and 2000 for L-BFGS.</summary>
    public int? MaxIterations { get; init; }

    /// <summary>Whether <c>call</c> throws <see cref="ArgminException"/> when a problem has no solution. <c>Solve</c> never throws for that.</summary>
    public bool ThrowOnFailure { get; init; } = true;

    /// <summary>A solver of your own, used in place of <see cref="Solver"/>; null for none. What it returns is checked, as <see cref="StationarityTolerance"/> says.</summary>
    public ArgminMinimizer? Minimizer { get; init; }

    /// <summary>
    /// How far the point that <see cref="Minimizer"/> or L-BFGS returned may be from stationary: Newton's step from it, relative to the point. Null for √ε (1.5e-8 in float64, 3.5e-4 in
    /// float32). A point passes too whose gradient cannot become shorter in its dtype. The gradients of the layer are as wrong as the point is.
    /// </summary>
    public double? StationarityTolerance { get; init; }

    /// <summary>Bound on the relative residual ‖b − Hx‖/‖b‖ of <see cref="HessianForm.ConjugateGradient"/>. Null for 1e-10 in float64 and 1e-5 in float32.</summary>
    public double? LinearTolerance { get; init; }

    /// <summary>The most products with the Hessian that one system may take with <see cref="HessianForm.ConjugateGradient"/>.</summary>
    public int MaxLinearIterations { get; init; } = 1000;

    /// <summary>Whether <see cref="ProblemReport.Condition"/> is filled in. It may cost a factorisation that is not needed otherwise.</summary>
    public bool EstimateCondition { get; init; }
}

/// <summary>A solver of the user's: finds minima of a batch of problems.</summary>
/// <param name="problem">B problems: objective, gradient, Hessian and its products at any point.</param>
/// <param name="start">Where to start, (B, n).</param>
/// <returns>The minima, (B, n), in the dtype and on the device of <paramref name="start"/>.</returns>
public delegate Tensor ArgminMinimizer(ArgminProblem problem, Tensor start);
