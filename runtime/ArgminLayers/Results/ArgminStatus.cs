using System.ComponentModel;
using System.Reflection;

namespace ArgminLayers;

/// <summary>How the solution of one problem ended. <see cref="ArgminStatusExtensions.Sentence"/> gives the description as users read it.</summary>
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
}

/// <summary>The sentences of <see cref="ArgminStatus"/>.</summary>
public static class ArgminStatusExtensions
{
    private static readonly Dictionary<ArgminStatus, string> Sentences = Enum.GetValues<ArgminStatus>().ToDictionary(
        status => status,
        status => typeof(ArgminStatus).GetField(status.ToString())!.GetCustomAttribute<DescriptionAttribute>()!.Description);

    /// <summary>What the status means, as one sentence.</summary>
    public static string Sentence(this ArgminStatus status) => Sentences[status];
}
