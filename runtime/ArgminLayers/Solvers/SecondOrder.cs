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
        Definiteness.Unsolved => ArgminStatus.LinearSolveFailed,
        Definiteness.NotFinite => ArgminStatus.ObjectiveNotFinite,
        _ => ArgminStatus.FormInapplicable,
    };

    /// <summary>A report of a problem that was found to have a solution, after the test of its Hessian. What a solver warns of stays where the test finds nothing worse.</summary>
    /// <param name="report">The report so far.</param>
    /// <param name="factor">The Hessian at the solution.</param>
    /// <param name="epsilon">The spacing of the dtype's numbers at 1.</param>
    public static ProblemReport Tested(ProblemReport report, HessianFactor factor, double epsilon) => Tested(report, factor, report.Index, epsilon);

    /// <summary>The same where the factor is of a part of the batch.</summary>
    /// <param name="report">The report so far.</param>
    /// <param name="factor">The Hessians at the solutions.</param>
    /// <param name="place">Which of them is the problem's.</param>
    /// <param name="epsilon">The spacing of the dtype's numbers at 1.</param>
    public static ProblemReport Tested(ProblemReport report, HessianFactor factor, int place, double epsilon)
        => report.Status.HasSolution() && Status(factor.Definiteness[place], factor.Conditions[place] * epsilon) is var found && found != ArgminStatus.Converged
            ? report with { Status = found }
            : report;
}
