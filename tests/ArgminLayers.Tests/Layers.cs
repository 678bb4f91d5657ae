using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>What tests ask of a layer, whoever wrote it.</summary>
internal interface ILayer
{
    Tensor Call(params Tensor[] inputs);

    ArgminResult Solve(Tensor? start, params Tensor[] inputs);

    void ThrowIfFailed();
}

/// <summary>A problem written by hand.</summary>
internal sealed class HandWritten(ArgminSolver solver) : ILayer
{
    /// <summary>Rank pooling with the inputs v, t, weight, C and ε.</summary>
    public static HandWritten RankPooling(ArgminOptions? options = null)
        => new(new ArgminSolver(RankPoolingProblem.Facts, options ?? new(), inputs => new RankPoolingProblem(inputs)));

    public Tensor Call(params Tensor[] inputs) => solver.Call(inputs);

    public ArgminResult Solve(Tensor? start, params Tensor[] inputs) => solver.Solve(start, inputs);

    public void ThrowIfFailed() => solver.ThrowIfFailed();
}

/// <summary>The generated layer of <see cref="Objectives.RankPooling"/>: inputs v, t and weight.</summary>
internal sealed class RankPool(double c = 1, double epsilon = 0.1, ArgminOptions? options = null) : ILayer
{
    private readonly RankPoolingLayer layer = new(c, epsilon, options);

    public Tensor Call(params Tensor[] inputs) => layer.call(inputs[0], inputs[1], inputs[2]);

    public ArgminResult Solve(Tensor? start, params Tensor[] inputs) => layer.Solve(inputs[0], inputs[1], inputs[2], start);

    public ArgminResult Solve(Tensor v, Tensor t, Tensor weight) => layer.Solve(v, t, weight);

    public void ThrowIfFailed() => layer.ThrowIfFailed();
}

/// <summary>The generated layer of <see cref="Objectives.RankPoolingLearned"/>: inputs v, t, weight, C and ε.</summary>
internal sealed class LearnedRankPool(ArgminOptions? options = null) : ILayer
{
    private readonly RankPoolingLearnedLayer layer = new(options);

    public Tensor Call(params Tensor[] inputs) => layer.call(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4]);

    public ArgminResult Solve(Tensor? start, params Tensor[] inputs) => layer.Solve(inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], start);

    public void ThrowIfFailed() => layer.ThrowIfFailed();
}

/// <summary>Another generated layer, whatever its number of inputs.</summary>
internal sealed class Generated : ILayer
{
    private readonly Func<Tensor?, Tensor[], ArgminResult> solve;
    private readonly Func<Tensor[], Tensor> call;
    private readonly Action throwIfFailed;

    public Generated(PairwiseHingeLayer layer)
        => (solve, call, throwIfFailed) = ((start, x) => layer.Solve(x[0], x[1], x[2], start), x => layer.call(x[0], x[1], x[2]), layer.ThrowIfFailed);

    public Generated(SoftMaximumLayer layer)
        => (solve, call, throwIfFailed) = ((start, x) => layer.Solve(x[0], x[1], x[2], x[3], start), x => layer.call(x[0], x[1], x[2], x[3]), layer.ThrowIfFailed);

    public Tensor Call(params Tensor[] inputs) => call(inputs);

    public ArgminResult Solve(Tensor? start, params Tensor[] inputs) => solve(start, inputs);

    public void ThrowIfFailed() => throwIfFailed();
}
