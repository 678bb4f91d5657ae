using ArgminLayers.Hessians;

namespace ArgminLayers.Solvers;

/// <summary>The second-order test of a stationary point.</summary>
internal static class SecondOrder
{
    /// <summary>How a problem ends that is stationary where its Hessian was factorised.</summary>
    /// <param name="definiteness">What the factorisation found.</param>
    /// <param name="error">κε, the relative error that the factor may bring.</param>
    public static ArgminStatus Status(Definiteness definiteness, double error) => definiteness switch
    {
        Definiteness.Positive => error <= Precision.Exhausted ? ArgminStatus.Converged : ArgminStatus.PrecisionExhausted,
        Definiteness.Singular => ArgminStatus.HessianSingular,
        // A negative eigenvalue out of such a factorisation may be rounding.
        Definiteness.Indefinite => error > Precision.Exhausted ? ArgminStatus.PrecisionExhausted : ArgminStatus.NotAMinimum,
        Definiteness.NotFinite => ArgminStatus.ObjectiveNotFinite,
        _ => ArgminStatus.FormInapplicable,
    };
}
