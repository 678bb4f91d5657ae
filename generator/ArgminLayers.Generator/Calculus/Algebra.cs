using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Calculus;

/// <summary>A builder that simplifies as it builds. Every rule keeps the value, at kinks too, and introduces no cancellation.</summary>
internal sealed class Algebra : ProgramBuilder
{
    private readonly Dictionary<int, bool> finite = new();
    private readonly Dictionary<(int Value, EquatableArray<int> Labels), int> relabelled = new();

    public Algebra()
    {
    }

    /// <summary>A copy to go on from.</summary>
    public Algebra(Algebra other)
        : base(other)
    {
    }

    /// <summary>Whether finite inputs make a finite value.</summary>
    internal bool IsFinite(int value)
    {
        if (!finite.TryGetValue(value, out var known))
        {
            known = this[value] switch
            {
                Leaf => true,
                Elementwise { Function: Function.Abs or Function.Sign or Function.Relu or Function.Tanh or Function.Sigmoid } e => IsFinite(e.Operand),
                Programs.Sum or Contraction or LinearMap or Programs.Extremum => this[value].Operands.All(IsFinite),
                _ => false,
            };
            finite.Add(value, known);
        }

        return known;
    }

    /// <summary>Zero with the given axes.</summary>
    public int Zero(EquatableArray<Extent> axes) =>
        axes.Count == 0 ? Constant(0) : base.Contract(0, Array.Empty<Factor>(), Indices.Below(axes.Count), Numbered(axes));

    public bool IsZero(int value) => this[value] is Constant { Value: 0 } or Contraction { Coefficient: 0 };

    public override int Apply(Function function, int operand, double exponent = 0)
    {
        if (this[operand] is Constant constant && Functions.Evaluate(function, constant.Value, exponent) is var folded && !double.IsNaN(folded))
        {
            return Constant(folded);
        }

        if (function == Function.Power)
        {
            switch (exponent)
            {
                case 0: return Contract(1, Array.Empty<Factor>(), OwnLabels(operand), Numbered(this[operand].Axes));
                case 1: return operand;
                case 2: return Times(operand, operand);
                case 0.5: return Apply(Function.Sqrt, operand);
                case -1: return Apply(Function.Reciprocal, operand);
            }
        }

        return base.Apply(function, operand, exponent);
    }

    /// <summary>a · b, element by element; both have the same axes.</summary>
    public int Times(int a, int b) => Contract(1, new[] { Own(a), Own(b) }, OwnLabels(a));

    /// <summary>c · a.</summary>
    public int Scale(double coefficient, int a) => Contract(coefficient, new[] { Own(a) }, OwnLabels(a));

    /// <summary>The sum of values with the same axes.</summary>
    public int Add(EquatableArray<Extent> axes, IEnumerable<int> values) =>
        Sum(axes, values.Select(value => new Term(1, value, OwnLabels(value))));

    public override int Sum(EquatableArray<Extent> axes, IEnumerable<Term> terms)
    {
        var merged = new List<Term>();
        var places = new TermPlaces();
        var constant = 0.0;

        // The next term last.
        var pending = terms.ToList();
        pending.Reverse();
        while (pending.Count > 0)
        {
            var term = pending[pending.Count - 1];
            pending.RemoveAt(pending.Count - 1);
            if (term.Coefficient == 0 || IsZero(term.Value))
            {
                continue;
            }

            switch (this[term.Value])
            {
                case Constant number:
                    constant += term.Coefficient * number.Value;
                    continue;

                // A sum that the source does not name is part of this one.
                case Sum inner when inner.Rank == 0 || NameOf(term.Value).Length == 0:
                    for (var k = inner.Terms.Count - 1; k >= 0; k--)
                    {
                        var part = inner.Terms[k];
                        pending.Add(new Term(term.Coefficient * part.Coefficient, part.Value, part.Labels.Map(label => term.Labels[label])));
                    }

                    continue;

                // A number over all elements is a number.
                case Contraction { Factors.Count: 0 } number:
                    constant += term.Coefficient * number.Coefficient;
                    continue;

                // Like terms differ in their coefficients only.
                case Contraction { Coefficient: not 1 } scaled:
                    pending.Add(new Term(term.Coefficient * scaled.Coefficient, WithoutCoefficient(scaled), term.Labels));
                    continue;

                // A broadcast is an index that the term lacks.
                case Contraction { Factors.Count: 1, Summed.Count: 0 } spread when Indices.AreDistinct(spread.Factors[0].Labels):
                    pending.Add(new Term(
                        term.Coefficient, spread.Factors[0].Value, spread.Factors[0].Labels.Map(label => term.Labels[label])));
                    continue;
            }

            var same = places.Find(merged, term);
            if (same >= 0)
            {
                merged[same] = term with { Coefficient = Added(merged[same].Coefficient, term.Coefficient) };
            }
            else
            {
                merged.Add(term);
            }
        }

        merged.RemoveAll(term => term.Coefficient == 0);
        if (merged.Count == 0)
        {
            return axes.Count == 0 ? Constant(constant)
                : base.Contract(constant, Array.Empty<Factor>(), Indices.Below(axes.Count), Numbered(axes));
        }

        if (constant != 0)
        {
            merged.Add(new Term(constant, Constant(1), default));
        }

        return merged.Count == 1
            ? Contract(merged[0].Coefficient, new[] { new Factor(merged[0].Value, merged[0].Labels) }, Indices.Below(axes.Count), Numbered(axes))
            : base.Sum(axes, merged);
    }

    /// <summary>The sum of two coefficients; 0 where the last digits are all that is left of them: 3 · 0.1 − 0.3 is rounding, no curvature.</summary>
    private static double Added(double left, double right)
    {
        const double lastDigits = 4.0 / (1L << 52);
        var sum = left + right;
        return Math.Abs(sum) <= lastDigits * Math.Max(Math.Abs(left), Math.Abs(right)) ? 0 : sum;
    }

    public override int Contract(
        double coefficient, IEnumerable<Factor> factors, IReadOnlyList<int> output, IReadOnlyDictionary<int, Extent>? broadcast = null)
    {
        var list = factors.ToList();
        return new Product(this, coefficient, list, output, ExtentsOf(list, broadcast)).Simplify();
    }

    /// <summary>The contraction as it stands, no rule applied.</summary>
    internal int Finish(double coefficient, List<Factor> factors, IReadOnlyList<int> output, IndexExtents extents) =>
        Canonical(coefficient, factors, output, extents);

    public override int Select(EquatableArray<Extent> axes, Factor condition, Factor then, Factor otherwise) =>
        new Selection(this, axes).Simplify(condition, then, otherwise);

    public override int Extremum(bool isMaximum, EquatableArray<Extent> axes, Factor left, Factor right) =>
        left.Equals(right) ? Contract(1, new[] { left }, Indices.Below(axes.Count), Numbered(axes))
        : this[left.Value] is Constant l && this[right.Value] is Constant r && axes.Count == 0
            ? Constant(isMaximum ? Math.Max(l.Value, r.Value) : Math.Min(l.Value, r.Value))
        : base.Extremum(isMaximum, axes, left, right);

    public override int Power(EquatableArray<Extent> axes, Factor @base, Factor exponent) => this[exponent.Value] is Constant constant
        ? Contract(1, new[] { @base with { Value = Apply(Function.Power, @base.Value, constant.Value) } }, Indices.Below(axes.Count), Numbered(axes))
        : base.Power(axes, @base, exponent);

    internal int SelectAsIs(EquatableArray<Extent> axes, Factor condition, Factor then, Factor otherwise) =>
        base.Select(axes, condition, then, otherwise);

    /// <summary>The value where the condition of the same axes holds, zero elsewhere.</summary>
    public int Where(int condition, int value) => Select(this[value].Axes, Own(condition), Own(value), new Factor(Constant(0), default));

    public override int Logical(Logic logic, params int[] conditions) =>
        logic == Logic.Not && this[conditions[0]] is Compare compare
            ? Compare(Opposite(compare.Comparison), compare.Operand)
            : base.Logical(logic, conditions);

    public override int Slice(int operand, int axis, Extent start, Extent length) =>
        KeepZero(operand, base.Slice(operand, axis, start, length));

    public override int Pad(int operand, int axis, Extent before, Extent total) => KeepZero(operand, base.Pad(operand, axis, before, total));

    public override int Split(int operand, int axis, Extent first, Extent second) =>
        this[operand] is Merge merge && merge.Axis == axis && this[merge.Operand].Axes[axis] == first
            ? merge.Operand
            : KeepZero(operand, base.Split(operand, axis, first, second));

    public override int Merge(int operand, int axis) =>
        this[operand] is Split split && split.Axis == axis ? split.Operand : KeepZero(operand, base.Merge(operand, axis));

    public override int CumulativeSum(int operand, int axis, bool reverse) => KeepZero(operand, base.CumulativeSum(operand, axis, reverse));

    public override int Difference(int operand, int axis) => KeepZero(operand, base.Difference(operand, axis));

    public override int Flip(int operand, int axis) =>
        this[operand] is Flip flip && flip.Axis == axis ? flip.Operand : KeepZero(operand, base.Flip(operand, axis));

    public override int Solve(int matrix, int right) => KeepZero(right, base.Solve(matrix, right));

    /// <summary>The diagonal of a second derivative, which has a value's axes twice, brought down to the factors.</summary>
    public int Diagonal(int second)
    {
        var rank = this[second].Rank / 2;
        return Relabel(second, Indices.Below(rank).Concat(Indices.Below(rank)).ToEquatable(), this[second].Axes.Take(rank).ToEquatable());
    }

    internal IndexExtents Numbered(EquatableArray<Extent> axes) => new(axes);

    /// <summary>The value with its axes carrying the given indices of the result, through sums. Each value once: a deep expression leads to the same one many times.</summary>
    internal int Relabel(int value, EquatableArray<int> labels, EquatableArray<Extent> axes)
    {
        if (!relabelled.TryGetValue((value, labels), out var known) || !this[known].Axes.Equals(axes))
        {
            known = this[value] is Sum sum
                ? Add(axes, sum.Terms.Select(term => Scale(term.Coefficient, Relabel(term.Value, term.Labels.Map(label => labels[label]), axes))).ToList())
                : Contract(1, new[] { new Factor(value, labels) }, Indices.Below(axes.Count), Numbered(axes));
            relabelled[(value, labels)] = known;
        }

        return known;
    }

    private int WithoutCoefficient(Contraction contraction) => Contract(
        1, contraction.Factors, Indices.Below(contraction.Rank), Numbered(contraction.Axes));

    private int KeepZero(int operand, int result) => IsZero(operand) ? Zero(this[result].Axes) : result;

    private static Comparison Opposite(Comparison comparison) => comparison switch
    {
        Comparison.GreaterOrEqual => Comparison.Less,
        Comparison.Greater => Comparison.LessOrEqual,
        Comparison.LessOrEqual => Comparison.Greater,
        Comparison.Less => Comparison.GreaterOrEqual,
        Comparison.Equal => Comparison.NotEqual,
        _ => Comparison.Equal,
    };
}
