using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;

namespace ArgminLayers.Generator.Lowering;

/// <content>Where elements stand: axes added, dropped, reordered, cut, joined, merged and split. Nothing is computed.</content>
internal sealed partial class ShapedBuilder
{
    /// <summary>A new axis of extent 1.</summary>
    public int Unsqueeze(int value, int axis) => Expand(value, axis, Extent.Of(1));

    /// <summary>The value repeated along a new axis.</summary>
    public int Expand(int value, int axis, Extent extent)
    {
        var rank = AxesOf(value).Count;
        var output = Enumerable.Range(0, rank).ToList();
        output.Insert(axis, rank);
        return Builder.Contract(1, new[] { Builder.Own(value) }, output, new Dictionary<int, Extent> { [rank] = extent });
    }

    /// <summary>Axes of extent 1 dropped.</summary>
    public int Squeeze(int value, IReadOnlyCollection<int> axes) => axes.Count == 0 ? value : Sum(value, axes, keep: false);

    /// <summary>The axes in another order.</summary>
    public int Permute(int value, IReadOnlyList<int> order) =>
        order.SequenceEqual(Enumerable.Range(0, order.Count)) ? value : Builder.Contract(1, new[] { Builder.Own(value) }, order);

    /// <summary>Elements start … start + length − 1.</summary>
    public int Slice(int value, int axis, Extent start, Extent length) =>
        start.Number == 0 && length == AxesOf(value)[axis] ? value : Builder.Slice(value, axis, start, length);

    /// <summary>Every step-th of the elements start … start + length − 1; null where the symbols do not say how many those are.</summary>
    public int? Stride(int value, int axis, Extent start, Extent length, long step)
    {
        var by = Extent.Of(step);
        var part = Slice(value, axis, start, length);
        if (step == 1)
        {
            return part;
        }

        // The last of them may stand before the end: what is missing to a multiple of the step is a number, or the symbols do not say it.
        var number = length.Monomials.Where(monomial => monomial.Symbols.Count == 0).Sum(monomial => monomial.Coefficient);
        var missing = (step - (((number % step) + step) % step)) % step;
        if ((length + Extent.Of(missing)).DividedBy(by) is not { } count)
        {
            return null;
        }

        part = missing == 0 ? part : Builder.Pad(part, axis, Extent.Of(0), count * by);
        return Pick(Builder.Split(part, axis, count, by), axis + 1, Extent.Of(0));
    }

    /// <summary>Why a slice with a step is refused.</summary>
    public static string UnknownStride(Extent length, long step) =>
        $"how many elements a slice of {length} has with the step {step} depends on the sizes; let the step divide the length whatever they are, or state the extent as a number";

    /// <summary>One element of an axis, which goes.</summary>
    public int Pick(int value, int axis, Extent index) => Squeeze(Slice(value, axis, index, Extent.Of(1)), new[] { axis });

    /// <summary>Values joined along an axis: a sum of values with zeros around them.</summary>
    public int? Concatenate(SyntaxNode syntax, string operation, IReadOnlyList<int> values, int axis)
    {
        var axes = AxesOf(values[0]).ToList();
        foreach (var value in values.Skip(1))
        {
            var own = AxesOf(value);
            if (own.Count != axes.Count || Enumerable.Range(0, axes.Count).Any(k => k != axis && own[k] != axes[k]))
            {
                return Mismatch(syntax, operation, values[0], value);
            }
        }

        axes[axis] = values.Aggregate(Extent.Of(0), (total, value) => total + AxesOf(value)[axis]);
        var (terms, before) = (new List<Term>(), Extent.Of(0));
        foreach (var value in values)
        {
            var padded = Builder.Pad(value, axis, before, axes[axis]);
            terms.Add(new Term(1, padded, Builder.OwnLabels(padded)));
            before += AxesOf(value)[axis];
        }

        return values.Count == 1 ? values[0] : Builder.Sum(axes.ToEquatable(), terms);
    }

    /// <summary>
    /// The elements in the same order under another shape. Extents are matched from the front: each run of old axes whose product is that of a run of new
    /// ones is merged and split again.
    /// </summary>
    /// <returns>The value; null where the shapes do not fit or the symbols do not say so.</returns>
    public int? Reshape(int value, IReadOnlyList<Extent> shape)
    {
        var one = Extent.Of(1);
        value = Squeeze(value, Enumerable.Range(0, AxesOf(value).Count).Where(axis => AxesOf(value)[axis] == one).ToList());
        var target = shape.Where(extent => extent != one).ToList();
        var at = 0;
        var next = 0;
        while (at < AxesOf(value).Count || next < target.Count)
        {
            // Merge and collect until both runs have the same product.
            var (old, run) = (Product(AxesOf(value).Skip(at).Take(1)), new List<Extent>(target.Skip(next).Take(1)));
            while (old != Product(run))
            {
                var (more, longer) = (at + 1 < AxesOf(value).Count, next + run.Count < target.Count);
                if (more && (!longer || Product(run).DividedBy(old) is not null || old.DividedBy(Product(run)) is null))
                {
                    value = Builder.Merge(value, at);
                    old = AxesOf(value)[at];
                }
                else if (longer)
                {
                    run.Add(target[next + run.Count]);
                }
                else
                {
                    return null;
                }
            }

            next += run.Count;
            for (; run.Count > 1; run.RemoveAt(0), at++)
            {
                value = Builder.Split(value, at, run[0], Product(run.Skip(1)));
            }

            at++;
        }

        for (var axis = 0; axis < shape.Count; axis++)
        {
            value = shape[axis] == one ? Unsqueeze(value, axis) : value;
        }

        return value;
    }

    /// <summary>What −1 in a shape stands for; null where the symbols do not divide.</summary>
    public Extent? Remainder(int value, IEnumerable<Extent> others)
    {
        var left = AxesOf(value).ToList();
        var rest = others.Where(extent => !left.Remove(extent)).ToList();
        return Product(left).DividedBy(Product(rest));
    }

    public static Extent Product(IEnumerable<Extent> extents) => extents.Aggregate(Extent.Of(1), (product, extent) => product * extent);
}
