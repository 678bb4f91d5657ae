using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Lowering.Operations;

/// <summary>Where elements stand: parts, joins, other shapes and orders, differences and running sums along an axis.</summary>
internal static class LayoutOperations
{
    public static IEnumerable<Operation> All => new[]
    {
        new Operation("narrow", "TNNN", c => c.Axis(1, c.Rank(0)) is { } axis && c.Extent(2) is { } start && c.Extent(3) is { } length ? c.Shapes.Slice(c.Tensors[0], axis, FromFront(c, axis, start), length) : null),
        new Operation("slice", "TNNNN", Slice),
        new Operation("select", "TNN", c => c.Axis(1, c.Rank(0)) is { } axis && c.Extent(2) is { } index ? c.Shapes.Pick(c.Tensors[0], axis, FromFront(c, axis, index)) : null),
        new Operation("diff", "TNN", Difference),
        new Operation("cumsum", "TN", c => c.Axis(1, c.Rank(0)) is { } axis ? c.Builder.CumulativeSum(c.Tensors[0], axis, false) : null),
        new Operation("flip", "TD", c => c.AxesAmong(1, c.Rank(0)) is { } axes ? axes.Aggregate(c.Tensors[0], (value, axis) => c.Builder.Flip(value, axis)) : null),
        new Operation("flipud", "T", c => Flipped(c, 0)),
        new Operation("fliplr", "T", c => Flipped(c, 1)),

        new Operation("unsqueeze", "TN", c => c.Axis(1, c.Rank(0) + 1) is { } axis ? c.Shapes.Unsqueeze(c.Tensors[0], axis) : null),
        new Operation("squeeze", "TN", Squeeze),
        new Operation("reshape", "TD", Reshape),
        new Operation("view", "TD", Reshape),
        new Operation("flatten", "TNN", Flatten),
        new Operation("ravel", "T", c => c.Shapes.Reshape(c.Tensors[0], new[] { ShapedBuilder.Product(c.Axes(0)) })),
        new Operation("unflatten", "TND", Unflatten),
        new Operation("size", "TN", c => c.Axis(1, c.Rank(0)) is { } axis ? c.Builder.ExtentValue(c.Axes(0)[axis]) : null),
        new Operation("numel", "T", c => c.Builder.ExtentValue(ShapedBuilder.Product(c.Axes(0)))),

        new Operation("arange", "N", c => c.Extent(0) is { } length ? c.Builder.Iota(length) : null) { TakesTypeOfTensor = true },

        new Operation("cat", "LN", Concatenate), new Operation("concat", "LN", Concatenate), new Operation("concatenate", "LN", Concatenate),
        new Operation("stack", "LN", Stack),

        new Operation("permute", "TD", c => c.AxesAmong(1, c.Rank(0)) is { } order ? order.Count == c.Rank(0) ? c.Shapes.Permute(c.Tensors[0], order) : c.Refuse("'permute' must name every axis") : null),
        new Operation("transpose", "TNN", Swap), new Operation("swapaxes", "TNN", Swap), new Operation("swapdims", "TNN", Swap),
        new Operation("t", "T", c => c.Rank(0) <= 2 ? Reversed(c) : c.Refuse($"'t' wants a matrix, not the shape {ShapeText.Of(c.Axes(0))}")),
        new Operation("T", "T", Reversed),
        new Operation("H", "T", c => c.Rank(0) == 2 ? Reversed(c) : c.Refuse($"'H' wants a matrix, not the shape {ShapeText.Of(c.Axes(0))}")),
        new Operation("mT", "T", LastTwo), new Operation("mH", "T", LastTwo), new Operation("adjoint", "T", LastTwo),
    };

    /// <summary>A position counted from the end is one from the front.</summary>
    private static Extent FromFront(TorchCall call, int axis, Extent position) => position.Number < 0 ? call.Axes(0)[axis] + position : position;

    private static int? Slice(TorchCall call)
    {
        if (!(call.Axis(1, call.Rank(0)) is { } axis && call.Extent(2) is { } start && call.Extent(3) is { } finish && call.Constant(4) is { } step))
        {
            return null;
        }

        var (from, to) = (FromFront(call, axis, start), FromFront(call, axis, finish));
        return step != 1 ? call.Refuse(4, "a slice with a step has no rule")
            : (to - from).Number is <= 0 ? call.Refuse("the slice has no elements")
            : call.Shapes.Slice(call.Tensors[0], axis, from, to - from);
    }

    private static int? Difference(TorchCall call)
    {
        if (!(call.Constant(1) is { } order && call.Axis(2, call.Rank(0)) is { } axis))
        {
            return null;
        }

        // TorchSharp has no other order.
        if (order != 1)
        {
            return call.Refuse($"'diff' has order 1 only; write diff of diff instead of order {order}");
        }

        return call.Axes(0)[axis].Number <= 1
            ? call.Refuse($"'diff' along an axis of extent {call.Axes(0)[axis]} has no rule")
            : call.Builder.Difference(call.Tensors[0], axis);
    }

    private static int? Flipped(TorchCall call, int axis) => axis < call.Rank(0)
        ? call.Builder.Flip(call.Tensors[0], axis)
        : call.Refuse($"a tensor of shape {ShapeText.Of(call.Axes(0))} has no such axes for '{call.Name}'");

    private static int? Squeeze(TorchCall call)
    {
        var axes = Enumerable.Range(0, call.Rank(0)).ToList();
        if (!call.Arguments.All[1].IsDefault)
        {
            if (call.Axis(1, call.Rank(0)) is not { } axis)
            {
                return null;
            }

            axes = new List<int> { axis };
        }

        // Whether an axis of extent T goes depends on T.
        return axes.All(axis => call.Axes(0)[axis].Number is not null)
            ? call.Shapes.Squeeze(call.Tensors[0], axes.Where(axis => call.Axes(0)[axis].Number == 1).ToList())
            : call.Refuse($"'squeeze' of shape {ShapeText.Of(call.Axes(0))} drops an axis only where its extent is 1; name an axis of extent 1");
    }

    private static int? Reshape(TorchCall call)
    {
        if (call.Extents(1) is not { } shape)
        {
            return null;
        }

        var free = Enumerable.Range(0, shape.Count).Where(k => shape[k].Number == -1).ToList();
        if (free.Count > 1)
        {
            return call.Refuse(1, "only one extent can be inferred");
        }

        if (free.Count == 1)
        {
            if (call.Shapes.Remainder(call.Tensors[0], shape.Where((_, k) => k != free[0])) is not { } rest)
            {
                return Unfit(call, shape);
            }

            shape = shape.Select((extent, k) => k == free[0] ? rest : extent).ToList();
        }

        return call.Shapes.Reshape(call.Tensors[0], shape) ?? Unfit(call, shape);
    }

    private static int? Unfit(TorchCall call, IEnumerable<Extent> shape) => call.Shapes.Mismatch(call.Syntax, call.Name, call.Axes(0), shape.ToEquatable());

    private static int? Flatten(TorchCall call)
    {
        if (call.Rank(0) == 0)
        {
            return call.Shapes.Unsqueeze(call.Tensors[0], 0);
        }

        if (!(call.Axis(1, call.Rank(0)) is { } first && call.Axis(2, call.Rank(0)) is { } last))
        {
            return null;
        }

        if (first > last)
        {
            return call.Refuse("'flatten' wants its axes in order");
        }

        var value = call.Tensors[0];
        for (var k = first; k < last; k++)
        {
            value = call.Builder.Merge(value, first);
        }

        return value;
    }

    private static int? Unflatten(TorchCall call)
    {
        if (!(call.Axis(1, call.Rank(0)) is { } axis && call.Extents(2) is { } sizes))
        {
            return null;
        }

        var whole = call.Axes(0)[axis];
        var free = Enumerable.Range(0, sizes.Count).Where(k => sizes[k].Number == -1).ToList();
        if (free.Count == 1 && whole.DividedBy(ShapedBuilder.Product(sizes.Where((_, k) => k != free[0]))) is { } rest)
        {
            sizes = sizes.Select((extent, k) => k == free[0] ? rest : extent).ToList();
        }

        var shape = call.Axes(0).Take(axis).Concat(sizes).Concat(call.Axes(0).Skip(axis + 1)).ToList();
        if (ShapedBuilder.Product(sizes) != whole)
        {
            return Unfit(call, shape);
        }

        return call.Shapes.Reshape(call.Tensors[0], shape) ?? Unfit(call, shape);
    }

    private static int? Concatenate(TorchCall call)
    {
        if (call.List(0) is not { } values)
        {
            return null;
        }

        var joined = call with { Tensors = values.ToArray() };
        return joined.Rank(0) == 0 ? call.Refuse($"'{call.Name}' joins vectors or matrices; 'stack' makes a vector of scalars")
            : joined.Axis(1, joined.Rank(0)) is { } axis ? call.Shapes.Concatenate(call.Syntax, call.Name, values, axis)
            : null;
    }

    private static int? Stack(TorchCall call)
    {
        if (call.List(0) is not { } values)
        {
            return null;
        }

        foreach (var value in values.Skip(1))
        {
            if (!call.Shapes.AxesOf(value).Equals(call.Shapes.AxesOf(values[0])))
            {
                return call.Mismatch(values[0], value);
            }
        }

        var joined = call with { Tensors = values.ToArray() };
        return joined.Axis(1, joined.Rank(0) + 1) is { } axis
            ? call.Shapes.Concatenate(call.Syntax, call.Name, values.Select(value => call.Shapes.Unsqueeze(value, axis)).ToList(), axis)
            : null;
    }

    private static int? Swap(TorchCall call)
    {
        if (!(call.Axis(1, call.Rank(0)) is { } first && call.Axis(2, call.Rank(0)) is { } second))
        {
            return null;
        }

        var order = Enumerable.Range(0, call.Rank(0)).ToList();
        (order[first], order[second]) = (order[second], order[first]);
        return call.Shapes.Permute(call.Tensors[0], order);
    }

    private static int? Reversed(TorchCall call) => call.Shapes.Permute(call.Tensors[0], Enumerable.Range(0, call.Rank(0)).Reverse().ToList());

    private static int? LastTwo(TorchCall call)
    {
        var order = Enumerable.Range(0, call.Rank(0)).ToList();
        if (order.Count < 2)
        {
            return call.Refuse($"'{call.Name}' wants a matrix, not the shape {ShapeText.Of(call.Axes(0))}");
        }

        (order[order.Count - 1], order[order.Count - 2]) = (order[order.Count - 2], order[order.Count - 1]);
        return call.Shapes.Permute(call.Tensors[0], order);
    }
}
