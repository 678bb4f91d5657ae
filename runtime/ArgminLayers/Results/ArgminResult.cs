using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>A solved batch: the minimisers, and how each problem ended.</summary>
/// <param name="Solution">y*, of shape (batch dimensions…, y's own extents); differentiable in the inputs where grad mode is on and one of them requires a gradient.</param>
/// <param name="Problems">One report a problem, in the order of the flattened batch.</param>
/// <param name="Backward">What backward passes through <paramref name="Solution"/> report; empty until there was one.</param>
public sealed record ArgminResult(Tensor Solution, IReadOnlyList<ProblemReport> Problems, BackwardReport Backward)
{
    /// <summary>Whether every problem has a solution (<see cref="ArgminStatusExtensions.HasSolution"/>).</summary>
    public bool Converged => Problems.All(problem => problem.Status.HasSolution());
}
