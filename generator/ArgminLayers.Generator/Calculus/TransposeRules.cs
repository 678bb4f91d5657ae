using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Calculus;

/// <summary>The rule of each instruction in reverse: from its cotangent ȳ to those of its operands. This and <see cref="TangentRules"/> are the page.</summary>
internal sealed class TransposeRules
{
    private readonly Algebra a;
    private readonly bool[] active;
    private readonly Action<int, int> accumulate;

    public TransposeRules(Algebra a, bool[] active, Action<int, int> accumulate)
    {
        this.a = a;
        this.active = active;
        this.accumulate = accumulate;
    }

    public void Apply(int value, int bar)
    {
        switch (a[value])
        {
            case Leaf or { Domain: Domain.Mask }:
                break;

            // y = f(x): x̄ = f′(x) ȳ; relu selects.
            case Elementwise { Function: Function.Relu } relu:
                accumulate(relu.Operand, a.Where(a.Compare(Comparison.GreaterOrEqual, relu.Operand), bar));
                break;
            case Elementwise f:
                accumulate(f.Operand, a.Times(bar, Functions.Derivative(a, f, value)));
                break;

            // y = Σ c x: x̄ = c ȳ, summed over the axes that x lacks.
            case Sum sum:
                foreach (var term in sum.Terms.Where(term => active[term.Value]))
                {
                    accumulate(term.Value, a.Contract(term.Coefficient, new[] { a.Own(bar) }, term.Labels));
                }

                break;
            case Contraction contraction:
                Contract(contraction, bar);
                break;

            // y = x where c, else z: x̄ = ȳ where c; z̄ = ȳ where not c.
            case Select select:
                var holds = a.Own(bar);
                var zero = new Factor(a.Constant(0), default);
                Reduce(select.Then, a.Select(select.Axes, select.Condition, holds, zero));
                Reduce(select.Otherwise, a.Select(select.Axes, select.Condition, zero, holds));
                break;

            // y = max(x, z): x̄ = ȳ where x ≥ z; z̄ = ȳ elsewhere.
            case Extremum extremum:
                var isLeft = a.Own(Functions.IsLeft(a, extremum));
                var nothing = new Factor(a.Constant(0), default);
                Reduce(extremum.Left, a.Select(extremum.Axes, isLeft, a.Own(bar), nothing));
                Reduce(extremum.Right, a.Select(extremum.Axes, isLeft, nothing, a.Own(bar)));
                break;

            // y = xᵖ: x̄ = p xᵖ⁻¹ ȳ; p̄ = xᵖ log x ȳ.
            case VariablePower power:
                Reduce(power.Base, () => a.Times(Functions.SlopeOfBase(a, power), bar));
                Reduce(power.Exponent, () => a.Times(Functions.SlopeOfExponent(a, power, value), bar));
                break;

            case LinearMap map:
                accumulate(map.Operand, Transpose(map, bar));
                break;

            // y = log Σ exp x: x̄ = softmax(x) ȳ.
            case Reduce { Reduction: Reduction.LogSumExp } reduce:
                accumulate(reduce.Operand, TimesSpread(a.Softmax(false, reduce.Operand, reduce.Axis), bar, reduce.Axis));
                break;

            // y = max x: x̄ = ȳ / n where x is the maximum, n elements being so.
            case Reduce reduce:
                var (peak, count) = Peaks(a, reduce, value);
                var each = a.Times(bar, a.Apply(Function.Reciprocal, count));
                accumulate(reduce.Operand, a.Select(
                    a[reduce.Operand].Axes, a.Own(peak), new Factor(each, Without(a[reduce.Operand].Rank, reduce.Axis)), new Factor(a.Constant(0), default)));
                break;

            // s = softmax x: x̄ = s (ȳ − Σ s ȳ).
            case Softmax { Logarithm: false } softmax:
                accumulate(softmax.Operand, a.Times(value, Centred(bar, TotalOf(new[] { bar, value }, softmax.Axis), softmax.Axis)));
                break;

            // y = log softmax x: x̄ = ȳ − softmax(x) Σ ȳ.
            case Softmax softmax:
                var total = TotalOf(new[] { bar }, softmax.Axis);
                var share = TimesSpread(a.Softmax(false, softmax.Operand, softmax.Axis), total, softmax.Axis);
                accumulate(softmax.Operand, a.Sum(softmax.Axes, new[] { new Term(1, bar, a.OwnLabels(bar)), new Term(-1, share, a.OwnLabels(share)) }));
                break;

            // Y = A⁻¹B: B̄ = A⁻ᵀȲ, Ā = −B̄ Yᵀ.
            case Solve solve:
                var right = a.Solve(Transposed(a, solve.Matrix), bar);
                accumulate(solve.Right, right);
                var rest = Enumerable.Range(2, solve.Rank - 1).ToList();
                accumulate(solve.Matrix, a.Contract(
                    -1,
                    new[] { new Factor(right, new[] { 0 }.Concat(rest).ToEquatable()), new Factor(value, new[] { 1 }.Concat(rest).ToEquatable()) },
                    new[] { 0, 1 }));
                break;

            // y = det A: Ā = ȳ y A⁻ᵀ; y = log |det A|: without the y.
            case Determinant determinant:
                accumulate(determinant.Matrix, InverseTransposed(determinant.Matrix, bar, value));
                break;
            case LogDeterminant logDeterminant:
                accumulate(logDeterminant.Matrix, InverseTransposed(logDeterminant.Matrix, bar));
                break;

            default:
                throw new InvalidOperationException($"No rule for {a[value]}.");
        }
    }

    /// <summary>Numbers times A⁻ᵀ.</summary>
    private int InverseTransposed(int matrix, params int[] numbers)
    {
        var inverse = a.Solve(Transposed(a, matrix), a.Delta(a[matrix].Axes[0]));
        return a.Contract(1, numbers.Select(number => new Factor(number, default)).Append(a.Own(inverse)), new[] { 0, 1 });
    }

    internal static int Transposed(Algebra a, int matrix) => a.Contract(1, new[] { a.Own(matrix) }, new[] { 1, 0 });

    /// <summary>Where x = max x, and the number of elements that are: at a tie the derivative is the mean of theirs.</summary>
    internal static (int Peak, int Count) Peaks(Algebra a, Reduce reduce, int value)
    {
        var axes = a[reduce.Operand].Axes;
        var peak = a.Attains(reduce.Operand, value, reduce.Axis);
        var ones = a.Select(axes, a.Own(peak), new Factor(a.Constant(1), default), new Factor(a.Constant(0), default));
        return (peak, a.Contract(1, new[] { a.Own(ones) }, Without(axes.Count, reduce.Axis)));
    }

    internal static EquatableArray<int> Without(int rank, int axis) => Enumerable.Range(0, rank).Where(k => k != axis).ToEquatable();

    /// <summary>y = c Σ Π xₖ: x̄ₖ = c Σ ȳ Π of the others, once for each place a value stands at.</summary>
    private void Contract(Contraction contraction, int bar)
    {
        for (var k = 0; k < contraction.Factors.Count; k++)
        {
            var factor = contraction.Factors[k];
            if (!active[factor.Value])
            {
                continue;
            }

            var others = contraction.Factors.Where((_, i) => i != k).Concat(new[] { a.Own(bar) }).ToList();
            var extents = Enumerable.Range(0, contraction.Rank + contraction.Summed.Count).ToDictionary(label => label, contraction.ExtentOf);

            // A diagonal xᵢᵢ spreads its cotangent with δ.
            var labels = new List<int>();
            foreach (var label in factor.Labels)
            {
                if (labels.Contains(label))
                {
                    var fresh = extents.Count;
                    extents.Add(fresh, extents[label]);
                    others.Add(new Factor(a.Delta(extents[label]), EquatableArray.Of(label, fresh)));
                    labels.Add(fresh);
                }
                else
                {
                    labels.Add(label);
                }
            }

            accumulate(factor.Value, a.Contract(
                contraction.Coefficient, others, labels, labels.ToDictionary(label => label, label => extents[label])));
        }
    }

    private int Transpose(LinearMap map, int bar)
    {
        var axes = a[map.Operand].Axes;
        switch (map)
        {
            case Slice slice:
                return a.Pad(bar, map.Axis, slice.Start, axes[map.Axis]);
            case Pad pad:
                return a.Slice(bar, map.Axis, pad.Before, axes[map.Axis]);
            case Split:
                return a.Merge(bar, map.Axis);
            case Merge:
                return a.Split(bar, map.Axis, axes[map.Axis], axes[map.Axis + 1]);
            case CumulativeSum cumulative:
                return a.CumulativeSum(bar, map.Axis, !cumulative.Reverse);
            case Flip:
                return a.Flip(bar, map.Axis);
            case Difference:
                var behind = a.Pad(bar, map.Axis, Extent.Of(1), axes[map.Axis]);
                var ahead = a.Pad(bar, map.Axis, Extent.Of(0), axes[map.Axis]);
                return a.Sum(axes, new[] { new Term(1, behind, a.OwnLabels(behind)), new Term(-1, ahead, a.OwnLabels(ahead)) });
            default:
                throw new InvalidOperationException($"No transpose of {map}.");
        }
    }

    private void Reduce(Factor factor, int bar) => Reduce(factor, () => bar);

    private void Reduce(Factor factor, Func<int> bar)
    {
        if (active[factor.Value])
        {
            accumulate(factor.Value, a.Contract(1, new[] { a.Own(bar()) }, factor.Labels));
        }
    }

    private int TimesSpread(int full, int reduced, int axis) => a.Contract(
        1, new[] { a.Own(full), new Factor(reduced, Without(a[full].Rank, axis)) }, a.OwnLabels(full));

    private int TotalOf(IReadOnlyList<int> product, int axis) => a.Contract(1, product.Select(a.Own), Without(a[product[0]].Rank, axis));

    private int Centred(int value, int total, int axis) => a.Sum(
        a[value].Axes, new[] { new Term(1, value, a.OwnLabels(value)), new Term(-1, total, Without(a[value].Rank, axis)) });
}
