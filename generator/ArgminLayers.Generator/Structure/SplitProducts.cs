using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>
/// A value as <c>Σₖ Lₖ[i…] Rₖ[j…]</c>, where i are some of its axes and j the others: by the components of its indices, sums by terms, linear maps on the side of their axis.
/// </summary>
internal sealed class SplitProducts
{
    /// <summary>Sums longer than that, and products over more indices, are left alone.</summary>
    private const int MostParts = 16;
    private const int MostSummed = 4;

    private readonly Algebra a;

    private SplitProducts(Algebra a) => this.a = a;

    /// <summary>The parts; null where some part has indices of both sides.</summary>
    /// <param name="a">The program so far; the parts are appended to it.</param>
    /// <param name="value">The value.</param>
    /// <param name="isLeft">For every axis of the value, whether it is on the left.</param>
    public static IReadOnlyList<(int Left, int Right)>? Of(Algebra a, int value, IReadOnlyList<bool> isLeft) => new SplitProducts(a).Parts(value, isLeft);

    private IReadOnlyList<(int Left, int Right)>? Parts(int value, IReadOnlyList<bool> isLeft)
    {
        if (isLeft.All(left => left))
        {
            return new[] { (value, a.Constant(1)) };
        }

        if (!isLeft.Contains(true))
        {
            return new[] { (a.Constant(1), value) };
        }

        return a[value] switch
        {
            Sum sum => OfSum(sum, isLeft),
            Contraction contraction => OfContraction(contraction, isLeft),
            LinearMap map and not (Split or Merge) => OfMap(map, isLeft),
            _ => null,
        };
    }

    private IReadOnlyList<(int Left, int Right)>? OfSum(Sum sum, IReadOnlyList<bool> isLeft)
    {
        var parts = new List<(int, int)>();
        foreach (var term in sum.Terms)
        {
            if (Parts(term.Value, term.Labels.Select(label => isLeft[label]).ToList()) is not { } own || parts.Count + own.Count > MostParts)
            {
                return null;
            }

            foreach (var part in own)
            {
                int Side(bool left, int value, double coefficient) => OnSide(coefficient, new[] { new Factor(value, Own(term.Labels, isLeft, left)) }, sum.Axes, isLeft, left);
                parts.Add((Side(true, part.Left, term.Coefficient), Side(false, part.Right, 1)));
            }
        }

        return parts;
    }

    private IReadOnlyList<(int Left, int Right)>? OfContraction(Contraction contraction, IReadOnlyList<bool> isLeft)
    {
        if (contraction.Summed.Count > MostSummed)
        {
            return null;
        }

        // Which side an index is on that is summed over shows when the factors go apart.
        for (var sides = 0; sides < 1 << contraction.Summed.Count; sides++)
        {
            var all = isLeft.Concat(Enumerable.Range(0, contraction.Summed.Count).Select(k => (sides >> k & 1) == 1)).ToList();
            if (OfFactors(contraction, all) is { } parts)
            {
                return parts;
            }
        }

        return null;
    }

    private IReadOnlyList<(int Left, int Right)>? OfFactors(Contraction contraction, IReadOnlyList<bool> isLeft)
    {
        var products = new List<(List<Factor> Left, List<Factor> Right)> { (new List<Factor>(), new List<Factor>()) };
        foreach (var factor in contraction.Factors)
        {
            if (Parts(factor.Value, factor.Labels.Select(label => isLeft[label]).ToList()) is not { } own || products.Count * own.Count > MostParts)
            {
                return null;
            }

            products = products.SelectMany(product => own.Select(part => (
                product.Left.Append(new Factor(part.Left, Own(factor.Labels, isLeft, true))).ToList(),
                product.Right.Append(new Factor(part.Right, Own(factor.Labels, isLeft, false))).ToList()))).ToList();
        }

        var axes = contraction.Axes;
        return products.Select(product => (
            OnSide(contraction.Coefficient, product.Left, axes, isLeft, true), OnSide(1, product.Right, axes, isLeft, false))).ToList();
    }

    private IReadOnlyList<(int Left, int Right)>? OfMap(LinearMap map, IReadOnlyList<bool> isLeft)
    {
        if (Parts(map.Operand, isLeft) is not { } parts)
        {
            return null;
        }

        var left = isLeft[map.Axis];
        var axis = Enumerable.Range(0, map.Axis).Count(k => isLeft[k] == left);
        return parts.Select(part => left ? (Mapped(map, part.Left, axis), part.Right) : (part.Left, Mapped(map, part.Right, axis))).ToList();
    }

    private int Mapped(LinearMap map, int operand, int axis) => map switch
    {
        Slice slice => a.Slice(operand, axis, slice.Start, slice.Axes[slice.Axis]),
        Pad pad => a.Pad(operand, axis, pad.Before, pad.Axes[pad.Axis]),
        CumulativeSum sum => a.CumulativeSum(operand, axis, sum.Reverse),
        Difference => a.Difference(operand, axis),
        _ => a.Flip(operand, axis),
    };

    /// <summary>The indices of one side that a value's axes carry.</summary>
    private static EquatableArray<int> Own(EquatableArray<int> labels, IReadOnlyList<bool> isLeft, bool left) => labels.Where(label => isLeft[label] == left).ToEquatable();

    /// <summary>The product of factors with the axes of one side; what it lacks of them is a broadcast.</summary>
    private int OnSide(double coefficient, IReadOnlyList<Factor> factors, EquatableArray<Extent> axes, IReadOnlyList<bool> isLeft, bool left)
    {
        var output = Enumerable.Range(0, axes.Count).Where(label => isLeft[label] == left).ToList();
        return a.Contract(coefficient, factors, output, output.ToDictionary(label => label, label => axes[label]));
    }
}
