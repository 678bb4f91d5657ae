using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Differentiation;

/// <summary>What a backward pass knows of its forward pass, beside the tensors that autograd saves.</summary>
internal sealed record ImplicitCall
{
    /// <summary>The objective.</summary>
    public required ObjectiveInfo Info { get; init; }

    /// <summary>Binds inputs to the objective.</summary>
    public required Func<IReadOnlyList<Tensor>, ArgminProblem> Bind { get; init; }

    /// <summary>How ∂L/∂y becomes ∂L/∂x; null where no problem of the batch could be solved.</summary>
    public required Adjoint? Adjoint { get; init; }

    /// <summary>How the problems ended.</summary>
    public required IReadOnlyList<ProblemReport> Reports { get; init; }

    /// <summary>Which inputs want a gradient.</summary>
    public required IReadOnlyList<bool> Wanted { get; init; }

    /// <summary>The inputs' shapes, (B or 1, own extents…).</summary>
    public required IReadOnlyList<long[]> Shapes { get; init; }

    /// <summary>Where failures of the backward pass go.</summary>
    public required FailureLog Failures { get; init; }

    /// <summary>Where failures and residuals go that belong to this call.</summary>
    public required BackwardReport Backward { get; init; }

    /// <summary>The dtype of inputs and solution.</summary>
    public required ScalarType Dtype { get; init; }

    /// <summary>The device of inputs and solution.</summary>
    public required Device Device { get; init; }

    /// <summary>Keeps a failure for the call's report and for the solver's <c>ThrowIfFailed</c>.</summary>
    public void Record(ArgminException failure)
    {
        Failures.Record(failure);
        Backward.Record(failure);
    }
}
