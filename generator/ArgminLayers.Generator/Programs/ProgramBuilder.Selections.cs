using System.Collections.Generic;
using System.Linq;

namespace ArgminLayers.Generator.Programs;

/// <content>Conditions, selections, extremes and stable reductions.</content>
internal partial class ProgramBuilder
{
    /// <summary>The operand is a tensor, or a number that one has been simplified to.</summary>
    public virtual int Compare(Comparison comparison, int operand)
    {
        Require(this[operand].Domain != Domain.Mask, "a number to compare with zero", operand);
        return Add(new Compare(comparison, operand, this[operand].Axes));
    }

    /// <summary>Where the operand is the largest along the axis.</summary>
    /// <param name="operand">The values.</param>
    /// <param name="largest">Their maximum, which lacks the axis.</param>
    /// <param name="axis">The axis.</param>
    public int Attains(int operand, int largest, int axis)
    {
        Require(this[largest].Rank == this[operand].Rank - 1, "a maximum over one axis", largest);
        return Add(new Attains(operand, largest, axis, this[operand].Axes));
    }

    public virtual int Logical(Logic logic, params int[] conditions)
    {
        foreach (var condition in conditions)
        {
            Require(this[condition].Domain == Domain.Mask, "a condition", condition);
            Require(this[condition].Axes.Equals(this[conditions[0]].Axes), $"axes {this[conditions[0]].Axes}", condition);
        }

        Require((logic == Logic.Not) == (conditions.Length == 1), "one condition for not, several for and and or", conditions[0]);
        return Add(new Logical(logic, conditions.ToEquatable(), this[conditions[0]].Axes));
    }

    /// <summary>Factors carry indices of the result; an index that one lacks is broadcast.</summary>
    public virtual int Select(EquatableArray<Extent> axes, Factor condition, Factor then, Factor otherwise)
    {
        Require(this[condition.Value].Domain == Domain.Mask, "a condition", condition.Value);
        foreach (var factor in new[] { condition, then, otherwise })
        {
            RequireLabels(factor.Value, factor.Labels, label => axes[label]);
        }

        return Add(new Select(condition, then, otherwise, axes, Domain.Tensor));
    }

    /// <summary>The larger, or the smaller, of two values; a factor carries indices of the result, and one that it lacks is broadcast.</summary>
    public virtual int Extremum(bool isMaximum, EquatableArray<Extent> axes, Factor left, Factor right)
    {
        RequireNumbers(axes, left, right);
        return Add(new Extremum(isMaximum, left, right, axes, DomainOf(axes, new[] { left.Value, right.Value })));
    }

    public virtual int Reduce(Reduction reduction, int operand, int axis)
    {
        var axes = this[operand].Axes.ToList();
        axes.RemoveAt(axis);
        return Add(new Reduce(reduction, operand, axis, axes.ToEquatable()));
    }

    public virtual int Softmax(bool logarithm, int operand, int axis) => Add(new Softmax(logarithm, operand, axis, this[operand].Axes));
}
