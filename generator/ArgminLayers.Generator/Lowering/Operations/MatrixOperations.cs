using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Lowering.Operations;

/// <summary>Products of vectors and matrices, diagonals, systems of equations and determinants.</summary>
internal static class MatrixOperations
{
    public static IEnumerable<Operation> All => new[]
    {
        new Operation("dot", "TT", c => Ranks(c, 1, 1)),
        new Operation("vdot", "TT", c => Ranks(c, 1, 1)),
        new Operation("mv", "TT", c => Ranks(c, 2, 1)),
        new Operation("mm", "TT", c => Ranks(c, 2, 2)),
        new Operation("bmm", "TT", c => c.Rank(0) == 3 && c.Rank(1) == 3 && c.Axes(0)[0] == c.Axes(1)[0] ? MatrixProduct(c) : c.Mismatch(c.Tensors[0], c.Tensors[1])),
        new Operation("matmul", "TT", MatrixProduct),
        new Operation("inner", "TT", Inner),
        new Operation("outer", "TT", Outer),
        new Operation("ger", "TT", Outer),
        new Operation("linalg.multi_dot", "L", Chain),
        new Operation("einsum", "SL", EinsteinSum.Lower),

        new Operation("diag", "TN", c => c.Rank(0) switch
        {
            1 => OnDiagonal(c, 1),
            2 => Diagonal(c, 1, 0, 1),
            _ => c.Refuse($"'diag' wants a vector or a matrix, not the shape {ShapeText.Of(c.Axes(0))}"),
        }),
        new Operation("diag_embed", "TNNN", c => IsDefault(c, 2) && IsDefault(c, 3) ? OnDiagonal(c, 1) : c.Refuse("'diag_embed' has a rule for the last two axes")),
        new Operation("diagonal", "TNNN", c => c.Axis(2, c.Rank(0)) is { } first && c.Axis(3, c.Rank(0)) is { } second ? Diagonal(c, 1, first, second) : null),
        new Operation("linalg.diagonal", "TNNN", c => c.Axis(2, c.Rank(0)) is { } first && c.Axis(3, c.Rank(0)) is { } second ? Diagonal(c, 1, first, second) : null),
        new Operation("inverse", "T", Inverse),
        new Operation("linalg.inv", "T", Inverse),
        new Operation("linalg.solve", "TT", Solve),
        new Operation("det", "T", Determinant),
        new Operation("linalg.det", "T", Determinant),
        new Operation("logdet", "T", c => LogDeterminant(c, true)),
        new Operation("slogdet.Item2", "T", c => LogDeterminant(c, false)),
        new Operation("linalg.slogdet.Item2", "T", c => LogDeterminant(c, false)),
        new Operation("trace", "T", c => IsSquare(c, 0) ? c.Builder.Contract(1, new[] { new Factor(c.Tensors[0], EquatableArray.Of(0, 0)) }, new int[0]) : NotSquare(c, 0)),
    };

    private static int? Ranks(TorchCall call, int left, int right) => call.Rank(0) == left && call.Rank(1) == right
        ? call.Shapes.MatrixProduct(call.Syntax, call.Name, call.Tensors[0], call.Tensors[1], left - 1, 0)
        : call.Mismatch(call.Tensors[0], call.Tensors[1]);

    private static int? MatrixProduct(TorchCall call) => (call.Rank(0), call.Rank(1)) switch
    {
        (0, _) or (_, 0) => call.Mismatch(call.Tensors[0], call.Tensors[1]),
        ( <= 2, <= 2) => Ranks(call, call.Rank(0), call.Rank(1)),
        _ => call.Shapes.BatchedProduct(call.Syntax, call.Name, call.Tensors[0], call.Tensors[1]),
    };

    private static int? Outer(TorchCall call) => call.Rank(0) == 1 && call.Rank(1) == 1
        ? call.Builder.Contract(
            1, new[] { new Factor(call.Tensors[0], EquatableArray.Of(0)), new Factor(call.Tensors[1], EquatableArray.Of(1)) }, new[] { 0, 1 })
        : call.Mismatch(call.Tensors[0], call.Tensors[1]);

    /// <summary>Σ over the last axis of both.</summary>
    private static int? Inner(TorchCall call) => call.Rank(0) > 0 && call.Rank(1) > 0
        ? call.Shapes.MatrixProduct(call.Syntax, call.Name, call.Tensors[0], call.Tensors[1], call.Rank(0) - 1, call.Rank(1) - 1)
        : call.Mismatch(call.Tensors[0], call.Tensors[1]);

    private static int? Chain(TorchCall call)
    {
        if (call.List(0) is not { } values)
        {
            return null;
        }

        int? product = values[0];
        foreach (var next in values.Skip(1))
        {
            product = product is { } left ? MatrixProduct(call with { Tensors = new[] { left, next } }) : null;
        }

        return product;
    }

    private static int? OnDiagonal(TorchCall call, int offset)
    {
        if (!IsDefault(call, offset))
        {
            return call.Refuse(offset, "only the main diagonal has a rule");
        }

        var rank = call.Rank(0);
        if (rank == 0)
        {
            return call.Refuse($"'{call.Name}' of a scalar has no rule");
        }

        return call.Builder.Contract(
            1,
            new[] { call.Builder.Own(call.Tensors[0]), new Factor(call.Builder.Delta(call.Axes(0)[rank - 1]), EquatableArray.Of(rank - 1, rank)) },
            Enumerable.Range(0, rank + 1).ToList());
    }

    /// <summary>The elements with equal positions along two axes, as a last axis.</summary>
    private static int? Diagonal(TorchCall call, int offset, int first, int second)
    {
        if (!IsDefault(call, offset))
        {
            return call.Refuse(offset, "only the main diagonal has a rule");
        }

        if (first == second || call.Axes(0)[first] != call.Axes(0)[second])
        {
            return call.Refuse($"the diagonal of shape {ShapeText.Of(call.Axes(0))} has a rule for two axes of equal extent");
        }

        var labels = Enumerable.Range(0, call.Rank(0)).Select(axis => axis == second ? first : axis).ToEquatable();
        return call.Builder.Contract(
            1, new[] { new Factor(call.Tensors[0], labels) }, Enumerable.Range(0, call.Rank(0)).Where(axis => axis != first && axis != second).Concat(new[] { first }).ToList());
    }

    private static int? Inverse(TorchCall call) =>
        IsSquare(call, 0) ? call.Builder.Solve(call.Tensors[0], call.Builder.Delta(call.Axes(0)[0])) : NotSquare(call, 0);

    private static int? Solve(TorchCall call) => !IsSquare(call, 0) ? NotSquare(call, 0)
        : call.Rank(1) is 1 or 2 && call.Axes(1)[0] == call.Axes(0)[0] ? call.Builder.Solve(call.Tensors[0], call.Tensors[1])
        : call.Mismatch(call.Tensors[0], call.Tensors[1]);

    private static int? Determinant(TorchCall call) => IsSquare(call, 0) ? call.Builder.Determinant(call.Tensors[0]) : NotSquare(call, 0);

    private static int? LogDeterminant(TorchCall call, bool isOfPositive) =>
        IsSquare(call, 0) ? call.Builder.LogDeterminant(call.Tensors[0], isOfPositive) : NotSquare(call, 0);

    private static bool IsSquare(TorchCall call, int tensor) => call.Rank(tensor) == 2 && call.Axes(tensor)[0] == call.Axes(tensor)[1];

    private static int? NotSquare(TorchCall call, int tensor) => call.Refuse($"'{call.Name}' wants a square matrix, not the shape {ShapeText.Of(call.Axes(tensor))}");

    private static bool IsDefault(TorchCall call, int argument) => call.Arguments.All[argument].IsDefault;
}
