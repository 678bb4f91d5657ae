using System.ComponentModel;
using System.Reflection;

namespace ArgminLayers;

/// <summary>
/// How the solution of one problem ended. <see cref="Converged"/>, <see cref="OnAKink"/> and <see cref="WeaklyDetermined"/> have a solution with a gradient, the others do not
/// (<see cref="ArgminStatusExtensions.HasSolution"/>). <see cref="ArgminStatusExtensions.Sentence"/> gives the description as users read it.</summary>
public enum ArgminStatus
{
    /// <summary>The gradient vanishes up to the rounding of its own evaluation.</summary>
    [Description("The solver converged.")]
    Converged,

    /// <summary>More steps were needed than <see cref="ArgminOptions.MaxIterations"/> allows.</summary>
    [Description("The solver did not converge within the allowed number of iterations; raise MaxIterations, or check the objective's scale.")]
    IterationLimit,

    /// <summary>No step along a descent direction decreased the objective.</summary>
    [Description("The line search found no acceptable step; the objective may be unbounded below, or not differentiable where the solver arrived.")]
    LineSearchFailed,

    /// <summary>An input of the problem holds NaN or an infinity.</summary>
    [Description("An input of the problem is not finite (NaN or infinity).")]
    InputNotFinite,

    /// <summary>The objective or its gradient is not finite at the start or along the way.</summary>
    [Description("The objective or its gradient is not finite where the solver evaluated it.")]
    ObjectiveNotFinite,

    /// <summary>The Hessian at the solution is singular, so the solution has no derivative.</summary>
    [Description("The Hessian at the solution is singular, so the solution has no derivative there.")]
    HessianSingular,

    /// <summary>The point is stationary, but the Hessian is not positive definite there.</summary>
    [Description("The point is stationary but not a minimum: the Hessian is not positive definite there.")]
    NotAMinimum,

    /// <summary>The chosen Hessian form or solver rests on a part of the Hessian that is not positive here, which says nothing about the problem itself.</summary>
    [Description("The chosen Hessian form or solver needs a positive diagonal, ridge and weights that this problem does not have; use HessianForm.Auto or Cholesky with SolverKind.Auto or Newton.")]
    FormInapplicable,

    /// <summary>κε > 0.01, with κ the condition of the system that was solved and ε the dtype's precision: the solution or its derivative may be wrong in every digit.</summary>
    [Description("The numbers' precision is exhausted: the system that was solved is so ill-conditioned that rounding alone may spoil the solution or its gradient; scale the inputs down, regularise more strongly, use float64, or use HessianForm.Auto.")]
    PrecisionExhausted,

    /// <summary>The solution is right, but it lies on a kink of f up to rounding: the second derivative differs on both sides, so the gradient is that of one side.</summary>
    [Description("The solution lies on a kink of the objective, up to rounding; its gradient is that of one side.")]
    OnAKink,

    /// <summary>Rounding of the predictions alone moves the solution by more than 1e-2 of itself in float32, or 1e-6 in float64.</summary>
    [Description("The solution is weakly determined: rounding of the inputs alone moves it by much more than their precision; regularise more strongly, or use float64.")]
    WeaklyDetermined,

    /// <summary>A point that was not found by a method with a proof of its own, the user's solver or L-BFGS, is farther from stationary than <see cref="ArgminOptions.StationarityTolerance"/>.</summary>
    [Description("The point that the solver returned is not stationary within StationarityTolerance; give the solver more iterations, or loosen the tolerance.")]
    NotStationary,

    /// <summary>The iterates run away to infinity while f falls.</summary>
    [Description("The iterates run away: the objective has no minimum, or only one at infinity; regularise it.")]
    Unbounded,

    /// <summary>Conjugate gradients ended above <see cref="ArgminOptions.LinearTolerance"/>.</summary>
    [Description("Conjugate gradients did not reach LinearTolerance within MaxLinearIterations; raise one of them, or use HessianForm.Auto or Cholesky.")]
    LinearSolveFailed,
}

/// <summary>The sentences of <see cref="ArgminStatus"/>.</summary>
public static class ArgminStatusExtensions
{
    private static readonly Dictionary<ArgminStatus, string> Sentences = Enum.GetValues<ArgminStatus>().ToDictionary(
        status => status,
        status => typeof(ArgminStatus).GetField(status.ToString())!.GetCustomAttribute<DescriptionAttribute>()!.Description);

    /// <summary>What the status means, as one sentence.</summary>
    public static string Sentence(this ArgminStatus status) => Sentences[status];

    /// <summary>Whether a problem that ended so has a solution with a gradient; the gradients of others are NaN.</summary>
    public static bool HasSolution(this ArgminStatus status) => status is ArgminStatus.Converged or ArgminStatus.OnAKink or ArgminStatus.WeaklyDetermined;
}
