using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Calculus;

/// <summary>The rule of each instruction forward: from the tangents ẋ of its operands to its own, ẏ. Further axes stand behind a value's own.</summary>
internal sealed class TangentRules
{
    private readonly Algebra a;
    private readonly IReadOnlyDictionary<int, int> tangents;
    private readonly EquatableArray<Extent> extra;

    public TangentRules(Algebra a, IReadOnlyDictionary<int, int> tangents, EquatableArray<Extent> extra)
    {
        this.a = a;
        this.tangents = tangents;
        this.extra = extra;
    }

    public int Apply(int value)
    {
        var node = a[value];
        var axes = node.Axes.Concat(extra).ToEquatable();
        var further = Enumerable.Range(node.Rank, extra.Count).ToList();
        switch (node)
        {
            case { Domain: Domain.Mask }:
                return a.Zero(axes);

            // y = f(x): ẏ = f′(x) ẋ; relu selects.
            case Elementwise { Function: Function.Relu } relu:
                var ahead = a.Compare(Comparison.GreaterOrEqual, relu.Operand);
                return a.Select(axes, a.Own(ahead), a.Own(tangents[relu.Operand]), new Factor(a.Constant(0), default));
            case Elementwise f:
                return Times(Functions.Derivative(a, f, value), tangents[f.Operand]);

            // y = Σ c x: ẏ = Σ c ẋ.
            case Sum sum:
                return a.Sum(axes, sum.Terms.Where(term => tangents.ContainsKey(term.Value)).Select(
                    term => term with { Value = tangents[term.Value], Labels = term.Labels.Concat(further).ToEquatable() }));

            // y = c Σ Π xₖ: ẏ = Σₖ c Σ ẋₖ Π of the others.
            case Contraction contraction:
                return a.Add(axes, Products(contraction));

            // y = x where c, else z: ẏ = ẋ where c, else ż.
            case Select select:
                return a.Select(axes, select.Condition, Branch(select.Then, further), Branch(select.Otherwise, further));

            // y = max(x, z): ẏ = ẋ where x ≥ z, else ż.
            case Extremum extremum:
                return a.Select(axes, a.Own(Functions.IsLeft(a, extremum)), Branch(extremum.Left, further), Branch(extremum.Right, further));

            // y = xᵖ: ẏ = p xᵖ⁻¹ ẋ + xᵖ log x ṗ.
            case VariablePower power:
                return a.Add(axes, Slopes(power, value, further));

            case Slice slice:
                return a.Slice(tangents[slice.Operand], slice.Axis, slice.Start, slice.Axes[slice.Axis]);
            case Pad pad:
                return a.Pad(tangents[pad.Operand], pad.Axis, pad.Before, pad.Axes[pad.Axis]);
            case Split split:
                return a.Split(tangents[split.Operand], split.Axis, split.Axes[split.Axis], split.Axes[split.Axis + 1]);
            case Merge merge:
                return a.Merge(tangents[merge.Operand], merge.Axis);
            case CumulativeSum cumulative:
                return a.CumulativeSum(tangents[cumulative.Operand], cumulative.Axis, cumulative.Reverse);
            case Difference difference:
                return a.Difference(tangents[difference.Operand], difference.Axis);
            case Flip flip:
                return a.Flip(tangents[flip.Operand], flip.Axis);

            // y = log Σ exp x: ẏ = Σ softmax(x) ẋ.
            case Reduce { Reduction: Reduction.LogSumExp } reduce:
                return Total(a.Softmax(false, reduce.Operand, reduce.Axis), tangents[reduce.Operand], reduce.Axis);

            // y = max x: ẏ = Σ ẋ / n where x is the maximum, n elements being so.
            case Reduce reduce:
                var (peak, count) = TransposeRules.Peaks(a, reduce, value);
                var moved = tangents[reduce.Operand];
                var there = a.Select(a[moved].Axes, a.Own(peak), a.Own(moved), new Factor(a.Constant(0), default));
                var total = a.Contract(1, new[] { a.Own(there) }, TransposeRules.Without(a[moved].Rank, reduce.Axis));
                return Times(a.Apply(Function.Reciprocal, count), total);

            // s = softmax x: ṡ = s (ẋ − Σ s ẋ).
            case Softmax { Logarithm: false } softmax:
                return Times(value, Centred(value, softmax));

            // y = log softmax x: ẏ = ẋ − Σ softmax(x) ẋ.
            case Softmax softmax:
                return Centred(a.Softmax(false, softmax.Operand, softmax.Axis), softmax);

            // Y = A⁻¹B: Ẏ = A⁻¹(Ḃ − Ȧ Y).
            case Solve solve:
                return a.Solve(solve.Matrix, a.Sum(axes, SolveTerms(solve, value)));

            // y = det A: ẏ = y Σ (A⁻¹)ⱼᵢ Ȧᵢⱼ; y = log |det A|: without the y.
            case Determinant determinant:
                return OfDeterminant(determinant.Matrix, value);
            case LogDeterminant logDeterminant:
                return OfDeterminant(logDeterminant.Matrix, null);

            default:
                throw new InvalidOperationException($"No rule for {node}.");
        }
    }

    private int OfDeterminant(int matrix, int? scale)
    {
        var inverse = a.Solve(matrix, a.Delta(a[matrix].Axes[0]));
        var factors = new List<Factor> { new(inverse, EquatableArray.Of(1, 0)), a.Own(tangents[matrix]) };
        if (scale is { } determinant)
        {
            factors.Add(a.Own(determinant));
        }

        return a.Contract(1, factors, Enumerable.Range(2, extra.Count).ToList());
    }

    private IEnumerable<int> Products(Contraction contraction)
    {
        // The further axes take indices above those of the contraction.
        var labels = contraction.Rank + contraction.Summed.Count;
        var further = Enumerable.Range(labels, extra.Count).ToList();
        var output = Enumerable.Range(0, contraction.Rank).Concat(further).ToList();
        var extents = a.Numbered(contraction.Axes);
        for (var k = 0; k < contraction.Factors.Count; k++)
        {
            var factor = contraction.Factors[k];
            if (tangents.TryGetValue(factor.Value, out var tangent))
            {
                var moved = new Factor(tangent, factor.Labels.Concat(further).ToEquatable());
                yield return a.Contract(
                    contraction.Coefficient, contraction.Factors.Where((_, i) => i != k).Concat(new[] { moved }), output, extents);
            }
        }
    }

    private IEnumerable<int> Slopes(VariablePower power, int value, List<int> further)
    {
        foreach (var (factor, slope) in new[] { (power.Base, Functions.SlopeOfBase(a, power)), (power.Exponent, Functions.SlopeOfExponent(a, power, value)) })
        {
            if (tangents.TryGetValue(factor.Value, out var tangent))
            {
                yield return a.Contract(
                    1,
                    new[] { a.Own(slope), new Factor(tangent, factor.Labels.Concat(further).ToEquatable()) },
                    Enumerable.Range(0, power.Rank).Concat(further).ToList());
            }
        }
    }

    private Factor Branch(Factor factor, List<int> further) => tangents.TryGetValue(factor.Value, out var tangent)
        ? new Factor(tangent, factor.Labels.Concat(further).ToEquatable())
        : new Factor(a.Constant(0), default);

    private IEnumerable<Term> SolveTerms(Solve solve, int value)
    {
        if (tangents.TryGetValue(solve.Right, out var right))
        {
            yield return new Term(1, right, a.OwnLabels(right));
        }

        if (tangents.TryGetValue(solve.Matrix, out var matrix))
        {
            // Index 0: the rows; then Y's other axes; then the further ones; the summed one last.
            var rest = Enumerable.Range(1, solve.Rank - 1).ToList();
            var further = Enumerable.Range(solve.Rank, extra.Count).ToList();
            var inner = solve.Rank + extra.Count;
            var product = a.Contract(
                1,
                new[]
                {
                    new Factor(matrix, new[] { 0, inner }.Concat(further).ToEquatable()),
                    new Factor(value, new[] { inner }.Concat(rest).ToEquatable()),
                },
                new[] { 0 }.Concat(rest).Concat(further).ToList());
            yield return new Term(-1, product, a.OwnLabels(product));
        }
    }

    /// <summary>a · ẋ, where ẋ carries the further axes.</summary>
    private int Times(int plain, int tangent) => a.Contract(1, new[] { a.Own(plain), a.Own(tangent) }, a.OwnLabels(tangent));

    private int Total(int plain, int tangent, int axis) =>
        a.Contract(1, new[] { a.Own(plain), a.Own(tangent) }, TransposeRules.Without(a[tangent].Rank, axis));

    private int Centred(int share, Softmax softmax)
    {
        var tangent = tangents[softmax.Operand];
        var mean = Total(share, tangent, softmax.Axis);
        return a.Sum(a[tangent].Axes, new[]
        {
            new Term(1, tangent, a.OwnLabels(tangent)),
            new Term(-1, mean, TransposeRules.Without(a[tangent].Rank, softmax.Axis)),
        });
    }
}
