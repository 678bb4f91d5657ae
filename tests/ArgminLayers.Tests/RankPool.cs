using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Rank pooling by hand, with C and ε as numbers or as inputs.</summary>
internal sealed class RankPool(double c = 1, double epsilon = 0.1, ArgminOptions? options = null)
{
    public ArgminSolver Solver { get; } = new(RankPoolingProblem.Facts, options ?? new(), inputs => new RankPoolingProblem(inputs));

    public Tensor Call(Tensor v, Tensor t, Tensor weight) => Solver.Call(Inputs(v, t, weight));

    public ArgminResult Solve(Tensor v, Tensor t, Tensor weight, Tensor? start = null) => Solver.Solve(start, Inputs(v, t, weight));

    private Tensor[] Inputs(Tensor v, Tensor t, Tensor weight) => [v, t, weight, tensor(c, v.dtype), tensor(epsilon, v.dtype)];
}
