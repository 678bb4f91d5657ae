using ArgminLayers.Batching;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>One way to find minima. Stateless: everything of a run lives in the run.</summary>
internal interface ISolver
{
    /// <summary>The solver as options and reports call it.</summary>
    SolverKind Kind { get; }

    /// <summary>Minimises every problem of a batch. Never throws for a problem that cannot be solved: that is its report's status.</summary>
    /// <param name="batch">B problems with finite inputs.</param>
    /// <param name="start">Where to start, (B, n), or null for zero.</param>
    /// <param name="variableSize">n.</param>
    /// <param name="options">The limits.</param>
    /// <returns>The minimum, its tensors in the caller's scope.</returns>
    Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize, ArgminOptions options);
}
