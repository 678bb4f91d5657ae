using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Lowering;

/// <summary>
/// An objective over an axis of which every problem has its own length: the elements behind it are padding. Sums and reductions over the axis leave them out, counts
/// count the others, and functions that are not defined everywhere do not see them, so that no derivative has a NaN there.
/// </summary>
internal sealed class RaggedAxis : ProgramBuilder
{
    private readonly string symbol;
    private readonly int length;
    private readonly Dictionary<int, bool> finite = new();

    private RaggedAxis(string symbol, Input length)
    {
        this.symbol = symbol;
        this.length = Input(length);
    }

    /// <summary>The program with the padding left out, and for each value of the given one its index there, −1 where it has none.</summary>
    /// <param name="program">The objective of one problem without padding.</param>
    /// <param name="symbol">The axis's extent.</param>
    /// <param name="length">The input that says how many elements along it are the problem's own.</param>
    public static (Program Program, int[] Map) Mask(Program program, string symbol, Input length)
    {
        var ragged = new RaggedAxis(symbol, length);
        var replayed = ragged.Replay(program);
        var masked = ragged.Build(out var map, program.Outputs.Select(output => replayed[output]).ToArray());
        return (masked, replayed.Select(value => value < 0 ? -1 : map[value]).ToArray());
    }

    /// <summary>What has no meaning on the axis: the place of an element would depend on the length, or the matrix would be singular behind it.</summary>
    public static IEnumerable<(int Value, string Operation)> Objections(Program program, string symbol)
    {
        bool IsRagged(Extent extent) => extent.Symbols().Contains(symbol);
        for (var i = 0; i < program.Nodes.Count; i++)
        {
            var operation = program.Nodes[i] switch
            {
                Flip flip when IsRagged(flip.Axes[flip.Axis]) => "flip",
                Pad pad when IsRagged(pad.Axes[pad.Axis]) => "joining with other elements",
                Merge merge when IsRagged(merge.Axes[merge.Axis]) => "a reshape",
                Split split when IsRagged(split.Axes[split.Axis]) || IsRagged(split.Axes[split.Axis + 1]) => "a reshape",
                Slice slice when IsRagged(program.Nodes[slice.Operand].Axes[slice.Axis]) && !KeepsPlaces(slice, program.Nodes[slice.Operand].Axes[slice.Axis]) => "a slice that does not keep all but a number of elements",
                Solve solve when program.Nodes[solve.Matrix].Axes.Any(IsRagged) => "a system of equations",
                Determinant determinant when program.Nodes[determinant.Matrix].Axes.Any(IsRagged) => "a determinant",
                LogDeterminant determinant when program.Nodes[determinant.Matrix].Axes.Any(IsRagged) => "a determinant",
                _ => "",
            };
            if (operation.Length > 0)
            {
                yield return (i, operation);
            }
        }
    }

    public override int ExtentValue(Extent extent)
    {
        if (!extent.Symbols().Contains(symbol))
        {
            return base.ExtentValue(extent);
        }

        var terms = extent.Monomials.Select(monomial =>
        {
            var others = monomial.Symbols.Where(other => other != symbol).Aggregate(Extent.Of(1), (product, other) => product * Extent.Of(other));
            var factors = Enumerable.Repeat(new Factor(length, default), monomial.Symbols.Count(other => other == symbol)).Append(new Factor(base.ExtentValue(others), default));
            return new Term(monomial.Coefficient, base.Contract(1, factors, new int[0]), default);
        });
        return Sum(default, terms.ToList());
    }

    public override int Contract(
        double coefficient, IEnumerable<Factor> factors, IReadOnlyList<int> output, IReadOnlyDictionary<int, Extent>? broadcast = null)
    {
        var list = factors.ToList();
        foreach (var label in list.SelectMany(factor => factor.Labels).Where(label => !output.Contains(label)).Distinct().ToList())
        {
            // One zero makes the product zero where the others are finite: the smallest factor gets it, and those that may not be.
            var touching = Enumerable.Range(0, list.Count).Where(k => list[k].Labels.Contains(label)).OrderBy(k => list[k].Labels.Count).ToList();
            foreach (var k in touching.Where(k => k == touching[0] || !IsFinite(list[k].Value)))
            {
                list[k] = list[k] with { Value = Kept(list[k].Value, list[k].Labels.IndexOf(label), 0) };
            }
        }

        return base.Contract(coefficient, list, output, broadcast);
    }

    public override int Apply(Function function, int operand, double exponent = 0) => base.Apply(
        function,
        function is Function.Abs or Function.Sign or Function.Relu or Function.Tanh or Function.Sigmoid or Function.Softplus or Function.Erf or Function.Sin or Function.Cos or Function.Atan
            ? operand
            : Defined(operand),
        exponent);

    public override int Power(EquatableArray<Extent> axes, Factor @base, Factor exponent) =>
        base.Power(axes, @base with { Value = Defined(@base.Value) }, exponent with { Value = Defined(exponent.Value) });

    public override int Reduce(Reduction reduction, int operand, int axis) =>
        base.Reduce(reduction, Kept(operand, axis, double.NegativeInfinity), axis);

    public override int Softmax(bool logarithm, int operand, int axis) => base.Softmax(logarithm, Kept(operand, axis, double.NegativeInfinity), axis);

    /// <summary>Whether element k of the slice is element k + start whatever the length is, and all are there that the problem without padding has.</summary>
    private static bool KeepsPlaces(Slice slice, Extent whole) => slice.Start.Number is { } start
        && ((start == 0 && slice.Axes[slice.Axis].Number == 1) || (whole - slice.Axes[slice.Axis]).Number is >= 0);

    /// <summary>1 in the place of padding, where every function has a value.</summary>
    private int Defined(int value) => Enumerable.Range(0, this[value].Rank).Aggregate(value, (inner, axis) => Kept(inner, axis, 1));

    /// <summary>The elements that are the problem's own along an axis, another number behind them.</summary>
    private int Kept(int value, int axis, double fill)
    {
        var extent = this[value].Axes[axis];
        if (!extent.Symbols().Contains(symbol))
        {
            return value;
        }

        // Of T − k elements the first n − k are the problem's own.
        var positions = EquatableArray.Of(extent);
        var behind = Compare(Comparison.Less, Sum(positions, new[]
        {
            new Term(1, Iota(extent), EquatableArray.Of(0)),
            new Term(-1, length, default),
            new Term(-1, Constant((extent - Extent.Of(symbol)).Number ?? throw new InvalidOperationException($"An axis of extent {extent} is not cut from {symbol}.")), default),
        }));
        return Select(this[value].Axes, new Factor(behind, EquatableArray.Of(axis)), Own(value), new Factor(Constant(fill), default));
    }

    private bool IsFinite(int value)
    {
        if (!finite.TryGetValue(value, out var known))
        {
            finite.Add(value, known = this[value] switch
            {
                Leaf => true,
                Elementwise { Function: Function.Abs or Function.Sign or Function.Relu or Function.Tanh or Function.Sigmoid or Function.Softplus } f => IsFinite(f.Operand),
                Programs.Sum or Contraction or LinearMap or Programs.Extremum => this[value].Operands.All(IsFinite),
                _ => false,
            });
        }

        return known;
    }
}
