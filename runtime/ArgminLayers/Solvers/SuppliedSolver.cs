using ArgminLayers.Batching;
using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>The user's solver, whose points are tested before anything rests on them.</summary>
/// <param name="form">How systems with H are solved, exactly.</param>
/// <param name="minimizer">The solver.</param>
internal sealed class SuppliedSolver(IHessianForm form, ArgminMinimizer minimizer) : ISolver
{
    public SolverKind Kind => SolverKind.Supplied;

    public Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize, ArgminOptions options)
    {
        using var scope = NewDisposeScope();
        start ??= batch.Zeros(variableSize);
        var y = minimizer(batch.Problem, start.clone()) ?? throw Refused("null");
        if (y.IsInvalid || y.dtype != start.dtype || y.device.ToString() != start.device.ToString() || !y.shape.SequenceEqual(start.shape))
            throw Refused(y.IsInvalid ? "a tensor that has been disposed" : $"shape ({string.Join(", ", y.shape)}), {y.dtype} on {y.device}");
        var size = (int)batch.Size;
        var minimum = new Stationarity(batch, start, form, options, new int[size], [.. Enumerable.Repeat(ArgminStatus.NotStationary, size)]).Judge(y.detach().clone());
        minimum.Factor!.MoveToOuter(scope);
        return minimum with { Y = minimum.Y.MoveToOuterDisposeScope() };

        ArgumentException Refused(string got) => new(
            $"{nameof(ArgminOptions)}.{nameof(ArgminOptions.Minimizer)} returned {got}; it must return shape ({batch.Size}, {variableSize}), {start.dtype} on {start.device}, as its start.");
    }
}
