using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>One way to solve systems with the Hessian H = ∂²f/∂y². Holds nothing of a system: what is computed lives in the <see cref="HessianFactor"/>.</summary>
internal interface IHessianForm
{
    /// <summary>The form as options and reports call it.</summary>
    HessianForm Kind { get; }

    /// <summary>How H is factorised, as far as its values decide that: looked at once a run, since it costs a transfer.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The point, (B, n).</param>
    FactorPlan Plan(ArgminProblem problem, Tensor y) => new(this);

    /// <summary>
    /// Prepares systems with H at a point, with what is to be found out about H left to be asked. Never throws for a Hessian that cannot be factorised: that is a <see cref="Definiteness"/>.
    /// </summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The point, (B, n).</param>
    /// <param name="plan">A plan of this form, made at this point or another, for these problems or for more.</param>
    PendingFactor Prepare(ArgminProblem problem, Tensor y, FactorPlan plan);

    /// <summary>H⁻¹ b; without meaning for problems whose factor is not <see cref="Definiteness.Positive"/>.</summary>
    /// <param name="system">A system that this form prepared.</param>
    /// <param name="b">The right-hand side, (B, n).</param>
    HessianSolution Solve(HessianSystem system, Tensor b);

    /// <summary>The factor at a solution, with definiteness and condition as well as the form can know them where that matters; its tensors in the caller's scope.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The point, (B, n).</param>
    /// <param name="estimatesCondition">Whether somebody wants to see the conditions, so that they are found out even where they cannot matter.</param>
    HessianFactor FactorAtSolution(ArgminProblem problem, Tensor y, bool estimatesCondition)
    {
        using var scope = NewDisposeScope();
        var factor = Plan(problem, y).Prepare(problem, y).Read();
        return ((estimatesCondition ? factor.Estimated() : factor.Sharpened()) with { Sharper = null, IsOpen = false }).MoveToOuter(scope);
    }
}

/// <summary>How Hessians are going to be factorised.</summary>
/// <param name="Form">The form that factorises, never one that only chooses.</param>
/// <param name="Terms">What a low-rank form has to know of its terms beforehand; null for other forms.</param>
internal sealed record FactorPlan(IHessianForm Form, LowRankTerms? Terms = null)
{
    /// <summary>Prepares systems with H at a point.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The point, (B, n).</param>
    public PendingFactor Prepare(ArgminProblem problem, Tensor y) => Form.Prepare(problem, y, this);
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
