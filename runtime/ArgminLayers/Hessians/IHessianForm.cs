using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>One way to solve systems with the Hessian H = ∂²f/∂y². Holds nothing of a system: what is computed lives in the <see cref="HessianFactor"/>.</summary>
internal interface IHessianForm
{
    /// <summary>The form as options and reports call it.</summary>
    HessianForm Kind { get; }

    /// <summary>Prepares systems with H at a point of a solver's run. Never throws for a Hessian that cannot be factorised: that is a <see cref="Definiteness"/>.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The point, (B, n).</param>
    /// <returns>The factor, its tensors in the caller's scope.</returns>
    HessianFactor Factor(ArgminProblem problem, Tensor y);

    /// <summary>The same, with what is to be found out about H left to be asked.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The point, (B, n).</param>
    PendingFactor Prepare(ArgminProblem problem, Tensor y) => PendingFactor.Known(Factor(problem, y));

    /// <summary>The same at a solution, where definiteness and condition must be known whatever they cost.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The point, (B, n).</param>
    HessianFactor FactorAtSolution(ArgminProblem problem, Tensor y) => Factor(problem, y);

    /// <summary>A factor whose conditions are known as well as <see cref="FactorAtSolution"/> knows them, for a point that need not be factorised again.</summary>
    /// <param name="factor">A factor of this form.</param>
    HessianFactor Sharpened(HessianFactor factor) => factor;

    /// <summary>Whether the conditions of a factor may hide one that has exhausted the precision, which <see cref="FactorAtSolution"/> and <see cref="Sharpened"/> find.</summary>
    /// <param name="factor">A factor of this form.</param>
    /// <param name="epsilon">The spacing of the dtype's numbers at 1.</param>
    bool MayHideExhaustion(HessianFactor factor, double epsilon) => false;

    /// <summary>H⁻¹ b; without meaning for problems whose factor is not <see cref="Definiteness.Positive"/>.</summary>
    /// <param name="system">A system that this form prepared.</param>
    /// <param name="b">The right-hand side, (B, n).</param>
    HessianSolution Solve(HessianSystem system, Tensor b);
}

/// <summary>B systems with H at one point.</summary>
/// <param name="Problem">B problems.</param>
/// <param name="Y">The point, (B, n).</param>
/// <param name="Factor">The tensors of the factor at that point.</param>
internal sealed record HessianSystem(ArgminProblem Problem, Tensor Y, IReadOnlyList<Tensor> Factor);

/// <summary>What solving a system gave.</summary>
/// <param name="X">H⁻¹ b, (B, n).</param>
/// <param name="Iterative">How an iteration went; null where a factor solved the system directly.</param>
internal sealed record HessianSolution(Tensor X, IterativeSolution? Iterative = null);

/// <summary>How the iterative solution of B systems went, one entry a problem.</summary>
/// <param name="Residuals">‖b − Hx‖ / ‖b‖, evaluated at the end; 0 where b is 0.</param>
/// <param name="Definiteness">Whether a direction without positive curvature was met, or the iteration ended above its tolerance.</param>
/// <param name="Conditions">κ of the preconditioned Hessian on what b can see of it.</param>
/// <param name="Tolerance">What the residuals should have come below.</param>
internal sealed record IterativeSolution(double[] Residuals, Definiteness[] Definiteness, double[] Conditions, double Tolerance);
