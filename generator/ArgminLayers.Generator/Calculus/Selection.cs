using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Calculus;

/// <summary>The rules for selections.</summary>
internal sealed class Selection
{
    private readonly Algebra algebra;
    private readonly EquatableArray<Extent> axes;

    public Selection(Algebra algebra, EquatableArray<Extent> axes)
    {
        this.algebra = algebra;
        this.axes = axes;
    }

    public int Simplify(Factor condition, Factor then, Factor otherwise)
    {
        if (then.Equals(otherwise))
        {
            return Spread(then);
        }

        if (algebra.IsZero(then.Value) && algebra.IsZero(otherwise.Value))
        {
            return algebra.Zero(axes);
        }

        if (algebra.IsZero(then.Value))
        {
            return algebra.Select(axes, condition with { Value = algebra.Logical(Logic.Not, condition.Value) }, otherwise, then);
        }

        var zero = new Factor(algebra.Constant(0), default);
        if (algebra.IsZero(otherwise.Value))
        {
            return WhereElseZero(condition, then, zero);
        }

        return algebra.SelectAsIs(axes, condition, then, otherwise);
    }

    private int WhereElseZero(Factor condition, Factor then, Factor zero)
    {
        if (algebra[then.Value] is not Contraction product)
        {
            return IsZeroWhereNot(condition, then) ? Spread(then)
                : IsSameSelection(condition, then) ? then.Value
                : algebra.SelectAsIs(axes, condition, then, zero);
        }

        if (product.Summed.Count > 0 && product.Coefficient == 1)
        {
            return algebra.SelectAsIs(axes, condition, then, zero);
        }

        if (product.Summed.Count > 0)
        {
            var unscaled = algebra.Contract(
                1, product.Factors, Indices.Below(product.Rank), algebra.Numbered(product.Axes));
            return algebra.Scale(product.Coefficient, algebra.Select(axes, condition, then with { Value = unscaled }, zero));
        }

        var factors = product.Factors.Select(
            factor => new Factor(factor.Value, factor.Labels.Map(label => then.Labels[label]))).ToList();

        // c · r · relu(b) is zero where b < 0 already, as long as c and r are finite whenever the inputs are.
        var vanishing = factors.FindIndex(factor => IsZeroWhereNot(condition, factor));
        if (vanishing >= 0 && factors.All(factor => algebra.IsFinite(factor.Value)))
        {
            return Spread(then);
        }

        // Factors with further indices stay outside: they would only make the selection larger.
        var covered = new HashSet<int>(condition.Labels);
        var outside = factors.Where(factor => !factor.Labels.All(covered.Contains) && algebra.IsFinite(factor.Value)).ToList();
        if (outside.Count == 0 && product.Coefficient == 1)
        {
            return algebra.SelectAsIs(axes, condition, then, zero);
        }

        var inside = factors.Where(factor => !outside.Contains(factor)).ToList();
        var insideLabels = condition.Labels.Concat(inside.SelectMany(factor => factor.Labels)).Distinct().OrderBy(label => label).ToList();
        var insideAxes = insideLabels.Select(label => axes[label]).ToEquatable();
        var body = algebra.Contract(1, inside, insideLabels, algebra.Numbered(axes).Where(pair => insideLabels.Contains(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value));
        var compact = new Dictionary<int, int>();
        foreach (var label in insideLabels)
        {
            compact.Add(label, compact.Count);
        }

        // A body that is a broadcast number needs no axes of its own.
        var selected = algebra.SelectAsIs(
            insideAxes,
            condition with { Labels = condition.Labels.Select(label => compact[label]).ToEquatable() },
            Narrowest(body),
            zero);
        return algebra.Contract(
            product.Coefficient,
            outside.Concat(new[] { new Factor(selected, insideLabels.ToEquatable()) }),
            Indices.Below(axes.Count),
            algebra.Numbered(axes));
    }

    private Factor Narrowest(int body) => algebra[body] is Contraction { Factors.Count: 0 } number
        ? new Factor(algebra.Constant(number.Coefficient), default)
        : algebra.Own(body);

    /// <summary>Whether the factor is relu(b) and the condition b ≥ 0.</summary>
    private bool IsZeroWhereNot(Factor condition, Factor factor) =>
        algebra[condition.Value] is Compare { Comparison: Comparison.GreaterOrEqual or Comparison.Greater } compare
        && algebra[factor.Value] is Elementwise { Function: Function.Relu } relu
        && relu.Operand == compare.Operand
        && condition.Labels.Equals(factor.Labels);

    private bool IsSameSelection(Factor condition, Factor then) =>
        algebra[then.Value] is Select inner
        && inner.Condition.Equals(condition)
        && algebra.IsZero(inner.Otherwise.Value)
        && then.Labels.SequenceEqual(Enumerable.Range(0, axes.Count));

    private int Spread(Factor factor) =>
        algebra.Contract(1, new[] { factor }, Indices.Below(axes.Count), algebra.Numbered(axes));
}
