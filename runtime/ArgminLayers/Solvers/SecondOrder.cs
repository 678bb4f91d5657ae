using ArgminLayers.Hessians;

namespace ArgminLayers.Solvers;

/// <summary>The second-order test of a stationary point.</summary>
internal static class SecondOrder
{
    /// <summary>How a problem ends that is stationary where its Hessian was factorised.</summary>
    public static ArgminStatus Status(Definiteness definiteness) => definiteness switch
    {
        Definiteness.Positive => ArgminStatus.Converged,
        Definiteness.Singular => ArgminStatus.HessianSingular,
        Definiteness.Indefinite => ArgminStatus.NotAMinimum,
        Definiteness.NotFinite => ArgminStatus.ObjectiveNotFinite,
        _ => ArgminStatus.FormInapplicable,
    };
}
