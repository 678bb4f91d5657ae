using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Lowering.Operations;

/// <summary>Sums, means, norms, maxima and the stable reductions.</summary>
internal static class ReductionOperations
{
    public static IEnumerable<Operation> All => new[]
    {
        new Operation("sum", "T", c => c.Shapes.Sum(c.Tensors[0], Every(c), false)),
        new Operation("mean", "T", c => c.Shapes.Mean(c.Tensors[0], Every(c), false)),
        new Operation("sum", "TNB", c => OverAxes(c, 1, c.Shapes.Sum)),
        new Operation("sum", "TNNB", c => OverAxes(c, 2, c.Shapes.Sum)),
        new Operation("sum", "TNNNB", c => OverAxes(c, 3, c.Shapes.Sum)),
        new Operation("sum", "TDB", c => OverAxes(c, 1, c.Shapes.Sum)),
        new Operation("mean", "TDB", c => OverAxes(c, 1, c.Shapes.Mean)),

        new Operation("max", "T", c => Extreme(c, true, Every(c), false)),
        new Operation("min", "T", c => Extreme(c, false, Every(c), false)),
        new Operation("max.Item1", "TNB", c => OverAxes(c, 1, (_, axes, keep) => Extreme(c, true, axes, keep))),
        new Operation("min.Item1", "TNB", c => OverAxes(c, 1, (_, axes, keep) => Extreme(c, false, axes, keep))),
        new Operation("amax", "TDB", c => OverAxes(c, 1, (_, axes, keep) => Extreme(c, true, axes, keep))),
        new Operation("amin", "TDB", c => OverAxes(c, 1, (_, axes, keep) => Extreme(c, false, axes, keep))),
        new Operation("amax", "TD", c => c.AxesAmong(1, c.Rank(0)) is { } axes ? Extreme(c, true, axes, false) : null),
        new Operation("amin", "TD", c => c.AxesAmong(1, c.Rank(0)) is { } axes ? Extreme(c, false, axes, false) : null),
        new Operation("logsumexp", "TNB", c => OverAxes(c, 1, (value, axes, keep) => Kept(c, c.Builder.Reduce(Reduction.LogSumExp, value, axes.Single()), axes, keep))),
        new Operation("softmax", "TN", c => c.Axis(1, c.Rank(0)) is { } axis ? c.Builder.Softmax(false, c.Tensors[0], axis) : null),
        new Operation("log_softmax", "TN", c => c.Axis(1, c.Rank(0)) is { } axis ? c.Builder.Softmax(true, c.Tensors[0], axis) : null),

        new Operation("norm", "T", c => Norm(c, c.Tensors[0], 2, Every(c), false)),
        new Operation("norm", "TN", c => c.Constant(1) is { } order ? Norm(c, c.Tensors[0], order, Every(c), false) : null),
        new Operation("norm", "TNBN", c => c.Constant(3) is { } order ? OverAxes(c, 1, (value, axes, keep) => Norm(c, value, order, axes, keep)) : null),
        new Operation("linalg.norm", "TDB", c => NormOver(c, 2, 1)),
        new Operation("linalg.norm", "TNDB", c => c.Constant(1) is { } order ? NormOver(c, order, 2) : null),
        new Operation("linalg.vector_norm", "TNDB", c => c.Constant(1) is { } order ? NormOver(c, order, 2) : null),
        new Operation("linalg.matrix_norm", "TSDB", c => c.Text(1) == "fro" ? NormOver(c, 2, 2) : c.Refuse(1, "of the matrix norms only \"fro\" has a rule")),
    };

    internal static IReadOnlyList<int> Every(TorchCall call) => Enumerable.Range(0, call.Rank(0)).ToList();

    /// <summary>A rule over the axes that the arguments behind the tensor name, the flag behind them saying whether they stay.</summary>
    private static int? OverAxes(TorchCall call, int dims, Func<int, IReadOnlyList<int>, bool, int?> rule) =>
        call.AxesAmong(1, call.Rank(0), dims) is { } axes && call.Flag(dims + 1) is { } keep ? rule(call.Tensors[0], axes, keep) : null;

    private static int? OverAxes(TorchCall call, int dims, Func<int, IReadOnlyCollection<int>, bool, int> rule) =>
        OverAxes(call, dims, (value, axes, keep) => (int?)rule(value, axes, keep));

    private static int? Extreme(TorchCall call, bool isMaximum, IReadOnlyList<int> axes, bool keep)
    {
        var value = isMaximum ? call.Tensors[0] : call.Shapes.Negate(call.Tensors[0]);
        foreach (var axis in axes.OrderByDescending(axis => axis))
        {
            value = call.Builder.Reduce(Reduction.Maximum, value, axis);
        }

        value = Kept(call, value, axes, keep);
        return isMaximum ? value : call.Shapes.Negate(value);
    }

    /// <summary>The reduced axes as axes of extent 1 again, where they stay.</summary>
    private static int Kept(TorchCall call, int value, IReadOnlyList<int> axes, bool keep) =>
        keep ? axes.OrderBy(axis => axis).Aggregate(value, (inner, axis) => call.Shapes.Unsqueeze(inner, axis)) : value;

    private static int? NormOver(TorchCall call, double order, int dims)
    {
        IReadOnlyList<int>? axes = call.Arguments.All[dims].IsDefault ? Every(call) : call.AxesAmong(dims, call.Rank(0));
        if (axes is null || call.Flag(dims + 1) is not { } keep)
        {
            return null;
        }

        // With an order, linalg.norm of a matrix is a norm of the operator, not of the elements.
        return call.Name == "linalg.norm" && dims == 2 && axes.Count == 2
            ? call.Refuse("'linalg.norm' of a matrix with an order is a norm of the operator, not of the elements; write linalg.vector_norm or leave the order out")
            : Norm(call, call.Tensors[0], order, axes, keep);
    }

    private static int? Norm(TorchCall call, int value, double order, IReadOnlyList<int> axes, bool keep)
    {
        switch (order)
        {
            case 1:
                return call.Shapes.Sum(call.Builder.Apply(Function.Abs, value), axes, keep);
            case 2:
                var squares = call.Builder.Contract(1, new[] { call.Builder.Own(value), call.Builder.Own(value) }, call.Builder.OwnLabels(value));
                return call.Builder.Apply(Function.Sqrt, Joined(call, call.Shapes.Sum(squares, axes, keep)));
            default:
                return call.Refuse($"'{call.Name}' has rules for the orders 1 and 2");
        }
    }

    /// <summary>Σ over a product as one contraction, so that it is seen to be a sum of squares.</summary>
    private static int Joined(TorchCall call, int sum) =>
        call.Builder[sum] is Contraction { Coefficient: 1, Factors: { Count: 1 } outer } total && call.Builder[outer[0].Value] is Contraction { Summed.Count: 0 } inner
            ? call.Builder.Contract(
                1,
                inner.Factors.Select(factor => new Factor(factor.Value, factor.Labels.Select(label => outer[0].Labels[label]).ToEquatable())),
                Enumerable.Range(0, total.Rank).ToList(),
                Enumerable.Range(0, total.Rank).ToDictionary(label => label, label => total.Axes[label]))
            : sum;
}
