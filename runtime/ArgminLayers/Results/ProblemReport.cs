using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>How one problem of a batch was solved.</summary>
/// <param name="Index">The problem's index in the flattened batch.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Iterations">Steps taken.</param>
/// <param name="GradientNorm">‖∇_y f‖₂ at the returned point.</param>
/// <param name="Detail">What else is known, such as the name of the input that is not finite, or what another solver said first; null where nothing is.</param>
public sealed record ProblemReport(int Index, ArgminStatus Status, int Iterations, double GradientNorm, string? Detail = null)
{
    /// <summary>The solver that found the point; <see cref="SolverKind.Auto"/> where none ran.</summary>
    public SolverKind Solver { get; init; }

    /// <summary>
    /// How systems with the Hessian were solved at the solution: in the backward pass where a gradient may be asked for, else in the solver; <see cref="HessianForm.Auto"/> where none was.
    /// </summary>
    public HessianForm Hessian { get; init; }

    /// <summary>The dtype in which the solver ended, Float64 where Float32 was not enough.</summary>
    public ScalarType Precision { get; init; }

    /// <summary>
    /// κ, an estimate of the condition of the system behind the solution and its gradient, from its factor or from the conjugate gradients; null unless
    /// <see cref="ArgminOptions.EstimateCondition"/> asks for it.
    /// </summary>
    public double? Condition { get; init; }

    /// <summary>The relative residual ‖b − Hx‖/‖b‖ that conjugate gradients reached at the solution; null where another form ran.</summary>
    public double? LinearResidual { get; init; }
}
