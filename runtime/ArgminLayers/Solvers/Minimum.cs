using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>What a solver found for a batch.</summary>
/// <param name="Y">y, (B, n), finite where the problem's status says so.</param>
/// <param name="Reports">How every problem ended.</param>
/// <param name="Span">The predictors' side of the solution, where the solver worked there.</param>
internal sealed record Minimum(Tensor Y, ProblemReport[] Reports, SpanPoint? Span = null);
