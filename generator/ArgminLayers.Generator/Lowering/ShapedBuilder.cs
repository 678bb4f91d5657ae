using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Diagnostics;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary>Operations with the shapes that TorchSharp gives them: broadcasting is NumPy's, with symbolic extents; what does not fit is reported.</summary>
internal sealed partial class ShapedBuilder
{
    private readonly Findings findings;

    public ShapedBuilder(ProgramBuilder builder, Findings findings)
    {
        Builder = builder;
        this.findings = findings;
    }

    public ProgramBuilder Builder { get; }

    public EquatableArray<Extent> AxesOf(int value) => Builder[value].Axes;

    /// <summary>The value as a number in symbols that counts something; null where it is not one.</summary>
    public Extent? ExtentOf(int value) => Builder[value] switch
    {
        ExtentValue extent => extent.Extent,
        Constant { Value: >= int.MinValue and <= int.MaxValue } constant when constant.Value == System.Math.Floor(constant.Value) => Extent.Of((long)constant.Value),
        _ => null,
    };

    /// <summary>Arithmetic on counts stays exact; null where it does not or is not understood.</summary>
    public int? Counted(BinaryOperatorKind operation, int left, int right)
    {
        if (ExtentOf(left) is not { } l || ExtentOf(right) is not { } r)
        {
            return null;
        }

        Extent? result = operation switch
        {
            BinaryOperatorKind.Add => l + r,
            BinaryOperatorKind.Subtract => l - r,
            BinaryOperatorKind.Multiply => l * r,
            BinaryOperatorKind.Divide => l.DividedBy(r),
            _ => null,
        };
        return result is { } extent ? Builder.ExtentValue(extent) : null;
    }

    /// <summary>The size of an axis, as a number.</summary>
    public int? Size(BodyLowering body, IOperation axis, int tensor)
    {
        var rank = AxesOf(tensor).Count;
        if (TorchArguments.Numbers(axis) is not { Count: 1 } numbers || numbers[0] < -rank || numbers[0] >= rank)
        {
            return body.Refuse(axis.Syntax.GetLocation(), $"a tensor of shape {ShapeText.Of(AxesOf(tensor))} has no such axis");
        }

        return Builder.ExtentValue(AxesOf(tensor)[(int)(numbers[0] < 0 ? numbers[0] + rank : numbers[0])]);
    }

    public int? Add(SyntaxNode syntax, string operation, int left, int right, double sign)
    {
        if (Broadcast(syntax, operation, left, right) is not { } b)
        {
            return null;
        }

        return Builder.Sum(b.Axes, new[] { new Term(1, b.Left.Value, b.Left.Labels), new Term(sign, b.Right.Value, b.Right.Labels) });
    }

    public int? Multiply(SyntaxNode syntax, string operation, int left, int right)
    {
        if (Broadcast(syntax, operation, left, right) is not { } b)
        {
            return null;
        }

        // A number joins as the coefficient.
        if (Builder[left] is Constant constant)
        {
            return Builder.Contract(constant.Value, new[] { b.Right }, b.Right.Labels);
        }

        return Builder[right] is Constant number
            ? Builder.Contract(number.Value, new[] { b.Left }, b.Left.Labels)
            : Builder.Contract(1, new[] { b.Left, b.Right }, Enumerable.Range(0, b.Axes.Count).ToList());
    }

    public int? Divide(SyntaxNode syntax, string operation, int left, int right) =>
        Builder[right] is Constant { Value: not 0 } constant
            ? Builder.Contract(1 / constant.Value, new[] { Builder.Own(left) }, Builder.OwnLabels(left))
            : Multiply(syntax, operation, left, Builder.Apply(Function.Reciprocal, right));

    public int Negate(int value) => Builder[value] is Constant constant
        ? Builder.Constant(-constant.Value)
        : Builder.Contract(-1, new[] { Builder.Own(value) }, Builder.OwnLabels(value));

    /// <summary>The sum over the axes, which stay as axes of extent 1 where <paramref name="keep"/>.</summary>
    public int Sum(int value, IReadOnlyCollection<int> axes, bool keep)
    {
        var rank = AxesOf(value).Count;
        var kept = Enumerable.Range(0, rank).Where(axis => !axes.Contains(axis)).ToList();
        if (!keep)
        {
            return Builder.Contract(1, new[] { Builder.Own(value) }, kept);
        }

        // An axis of extent 1 is one that nothing carries.
        var output = Enumerable.Range(0, rank).Select(axis => axes.Contains(axis) ? rank + axis : axis).ToList();
        return Builder.Contract(
            1, new[] { Builder.Own(value) }, output, axes.ToDictionary(axis => rank + axis, _ => Extent.Of(1)));
    }

    /// <summary>The mean over the axes.</summary>
    public int Mean(int value, IReadOnlyCollection<int> axes, bool keep)
    {
        var count = axes.Aggregate(Extent.Of(1), (product, axis) => product * AxesOf(value)[axis]);
        var total = Sum(value, axes, keep);
        return count.Number is { } number
            ? Builder.Contract(1.0 / number, new[] { Builder.Own(total) }, Builder.OwnLabels(total))
            : Builder.Contract(
                1,
                new[] { Builder.Own(total), Builder.Own(Builder.Apply(Function.Reciprocal, Builder.ExtentValue(count))) },
                Builder.OwnLabels(total));
    }

    /// <summary>Σ over the given pair of axes, which must be equal.</summary>
    public int? MatrixProduct(SyntaxNode syntax, string operation, int left, int right, int leftAxis, int rightAxis)
    {
        var (leftAxes, rightAxes) = (AxesOf(left), AxesOf(right));
        if (leftAxes[leftAxis] != rightAxes[rightAxis])
        {
            return Mismatch(syntax, operation, left, right);
        }

        var leftLabels = Enumerable.Range(0, leftAxes.Count).ToList();
        var rightLabels = Enumerable.Range(leftAxes.Count, rightAxes.Count).ToList();
        rightLabels[rightAxis] = leftAxis;
        return Builder.Contract(
            1,
            new[] { new Factor(left, leftLabels.ToEquatable()), new Factor(right, rightLabels.ToEquatable()) },
            leftLabels.Concat(rightLabels).Where(label => label != leftAxis).ToList());
    }

    /// <summary>Products of the matrices in the last two axes, whose other axes broadcast.</summary>
    public int? BatchedProduct(SyntaxNode syntax, string operation, int left, int right)
    {
        // A vector is a matrix of one row or column, whose axis goes again.
        var (isRow, isColumn) = (AxesOf(left).Count == 1, AxesOf(right).Count == 1);
        var (l, r) = (AxesOf(left).ToList(), AxesOf(right).ToList());
        var (leftRank, rightRank) = (isRow ? 2 : l.Count, isColumn ? 2 : r.Count);
        if (l[l.Count - 1] != r[isColumn ? 0 : r.Count - 2])
        {
            return Mismatch(syntax, operation, left, right);
        }

        var batch = System.Math.Max(leftRank, rightRank) - 2;
        var (row, column, summed, one) = (batch, batch + 1, batch + 2, Extent.Of(1));
        var (leftLabels, rightLabels) = (new List<int>(), new List<int>());
        var leftBatch = leftRank - 2;
        var rightBatch = rightRank - 2;
        for (var back = batch; back >= 1; back--)
        {
            var (a, b) = (back <= leftBatch ? l[leftBatch - back] : (Extent?)null, back <= rightBatch ? r[rightBatch - back] : (Extent?)null);
            if (a is { } x && b is { } y && x != y && x != one && y != one)
            {
                return Mismatch(syntax, operation, left, right);
            }

            // An axis of extent 1 that the other one widens carries an index that is summed: its one value.
            if (a is { } own)
            {
                leftLabels.Add(own == one && b is { } wide && wide != one ? summed + 1 + leftLabels.Count : batch - back);
            }

            if (b is { } other)
            {
                rightLabels.Add(other == one && a is { } wider && wider != one ? summed + 1 + batch + rightLabels.Count : batch - back);
            }
        }

        leftLabels.AddRange(isRow ? new[] { summed } : new[] { row, summed });
        rightLabels.AddRange(isColumn ? new[] { summed } : new[] { summed, column });
        var output = Enumerable.Range(0, batch).Concat(isRow ? new int[0] : new[] { row }).Concat(isColumn ? new int[0] : new[] { column }).ToList();
        return Builder.Contract(1, new[] { new Factor(left, leftLabels.ToEquatable()), new Factor(right, rightLabels.ToEquatable()) }, output);
    }

    public int? Mismatch(SyntaxNode syntax, string operation, int left, int right) => Mismatch(syntax, operation, AxesOf(left), AxesOf(right));

    public int? Mismatch(SyntaxNode syntax, string operation, EquatableArray<Extent> left, EquatableArray<Extent> right)
    {
        findings.Report(Descriptors.ShapeMismatch, syntax.GetLocation(), $"'{operation}'", ShapeText.Of(left), ShapeText.Of(right));
        return null;
    }

    private (Factor Left, Factor Right, EquatableArray<Extent> Axes)? Broadcast(SyntaxNode syntax, string operation, int left, int right) =>
        Broadcast(syntax, operation, new[] { left, right }) is { } b ? (b.Factors[0], b.Factors[1], b.Axes) : null;

    /// <summary>The values as factors of the shape that they broadcast to.</summary>
    private (Factor[] Factors, EquatableArray<Extent> Axes)? Broadcast(SyntaxNode syntax, string operation, IReadOnlyList<int> values)
    {
        var (one, widest) = (Extent.Of(1), values[0]);
        var axes = AxesOf(widest).ToList();
        foreach (var value in values.Skip(1))
        {
            var own = AxesOf(value);
            while (axes.Count < own.Count)
            {
                axes.Insert(0, one);
            }

            for (var back = 1; back <= own.Count; back++)
            {
                var (known, extent) = (axes[axes.Count - back], own[own.Count - back]);
                if (known != extent && known != one && extent != one)
                {
                    Mismatch(syntax, operation, values.First(v => AxesOf(v).Count >= back && AxesOf(v)[AxesOf(v).Count - back] == known), value);
                    return null;
                }

                axes[axes.Count - back] = known == one ? extent : known;
            }
        }

        return (values.Select(value => Aligned(value, axes)).ToArray(), axes.ToEquatable());
    }

    /// <summary>The value's axes as trailing indices of the result; an axis of extent 1 that is broadcast goes.</summary>
    private Factor Aligned(int value, IReadOnlyList<Extent> axes)
    {
        var own = AxesOf(value);
        var offset = axes.Count - own.Count;
        var kept = Enumerable.Range(0, own.Count).Where(axis => own[axis] == axes[offset + axis]).ToList();
        if (kept.Count < own.Count)
        {
            value = Builder[value].Domain == Domain.Mask
                ? Builder.Compare(Comparison.NotEqual, Builder.Contract(1, new[] { Builder.Own(AsNumber(value)) }, kept))
                : Builder.Contract(1, new[] { Builder.Own(value) }, kept);
        }

        return new Factor(value, kept.Select(axis => axis + offset).ToEquatable());
    }
}
