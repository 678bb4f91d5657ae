using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>What a solver found for a batch.</summary>
/// <param name="Y">y, (B, n), finite where the problem's status says so.</param>
/// <param name="Reports">How every problem ended.</param>
/// <param name="Span">The predictors' side of the solution, where the solver worked there.</param>
/// <param name="Factor">The factor of the exact Hessian at the solution, where the solver needed it for all problems.</param>
internal sealed record Minimum(Tensor Y, ProblemReport[] Reports, SpanPoint? Span = null, HessianFactor? Factor = null)
{
    /// <summary>The dtype that the solver ended in: that of the predictors' side, where it worked there.</summary>
    public ScalarType Precision => (Span?.A ?? Y).dtype;

    /// <summary>Whether the solver has seen that the predictors are finite.</summary>
    public bool HasFinitePredictors => Span is not null && Array.TrueForAll(Reports, static report => report.Status != ArgminStatus.ObjectiveNotFinite);
}
