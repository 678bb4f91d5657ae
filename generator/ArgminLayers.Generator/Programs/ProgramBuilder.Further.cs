using System.Collections.Generic;
using System.Linq;

namespace ArgminLayers.Generator.Programs;

/// <content>Linear maps, selections, reductions, factorisations.</content>
internal partial class ProgramBuilder
{
    public virtual int Slice(int operand, int axis, Extent start, Extent length) =>
        Add(new Slice(operand, axis, start, With(operand, axis, length)));

    public virtual int Pad(int operand, int axis, Extent before, Extent total) =>
        Add(new Pad(operand, axis, before, With(operand, axis, total)));

    public virtual int Split(int operand, int axis, Extent first, Extent second)
    {
        Require(first * second == this[operand].Axes[axis], $"an axis of extent {first * second}", operand);
        var axes = this[operand].Axes.ToList();
        axes[axis] = first;
        axes.Insert(axis + 1, second);
        return Add(new Split(operand, axis, axes.ToEquatable()));
    }

    public virtual int Merge(int operand, int axis)
    {
        Require(axis + 1 < this[operand].Rank, "two neighbouring axes", operand);
        var axes = this[operand].Axes.ToList();
        axes[axis] *= axes[axis + 1];
        axes.RemoveAt(axis + 1);
        return Add(new Merge(operand, axis, axes.ToEquatable()));
    }

    public virtual int CumulativeSum(int operand, int axis, bool reverse) =>
        Add(new CumulativeSum(operand, axis, reverse, this[operand].Axes));

    public virtual int Difference(int operand, int axis) =>
        Add(new Difference(operand, axis, With(operand, axis, this[operand].Axes[axis] - Extent.Of(1))));

    public virtual int Flip(int operand, int axis) => Add(new Flip(operand, axis, this[operand].Axes));

    public virtual int Compare(Comparison comparison, int operand)
    {
        Require(this[operand].Domain == Domain.Tensor, "a tensor to compare with zero", operand);
        return Add(new Compare(comparison, operand, this[operand].Axes));
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

    public virtual int Reduce(Reduction reduction, int operand, int axis)
    {
        var axes = this[operand].Axes.ToList();
        axes.RemoveAt(axis);
        return Add(new Reduce(reduction, operand, axis, axes.ToEquatable()));
    }

    public virtual int Softmax(bool logarithm, int operand, int axis) => Add(new Softmax(logarithm, operand, axis, this[operand].Axes));

    public virtual int Solve(int matrix, int right)
    {
        RequireSquare(matrix);
        Require(this[right].Rank > 0 && this[right].Axes[0] == this[matrix].Axes[0], $"an axis of extent {this[matrix].Axes[0]}", right);
        return Add(new Solve(matrix, right, this[right].Axes));
    }

    public virtual int LogDeterminant(int matrix)
    {
        RequireSquare(matrix);
        return Add(new LogDeterminant(matrix));
    }

    /// <summary>The indices 0, 1, …, rank − 1: a value's own axes in order.</summary>
    public EquatableArray<int> OwnLabels(int value) => Enumerable.Range(0, this[value].Rank).ToEquatable();

    /// <summary>The value as a factor or term with its own axes as indices.</summary>
    public Factor Own(int value) => new(value, OwnLabels(value));

    private void RequireSquare(int matrix) =>
        Require(this[matrix].Rank == 2 && this[matrix].Axes[0] == this[matrix].Axes[1], "a square matrix", matrix);

    private EquatableArray<Extent> With(int operand, int axis, Extent extent)
    {
        Require(axis >= 0 && axis < this[operand].Rank, $"an axis {axis}", operand);
        var axes = this[operand].Axes.ToList();
        axes[axis] = extent;
        return axes.ToEquatable();
    }

    /// <summary>Adds a copy of another program's instructions through the makers, so that a builder that simplifies, simplifies them.</summary>
    /// <param name="program">The program.</param>
    /// <param name="replace">What stands in for an instruction; null copies it.</param>
    /// <returns>For each instruction of the program its value here.</returns>
    public int[] Replay(Program program, System.Func<int, int?>? replace = null)
    {
        var map = new int[program.Nodes.Count];
        Factor Mapped(Factor factor) => factor with { Value = map[factor.Value] };
        for (var i = 0; i < map.Length; i++)
        {
            if (replace?.Invoke(i) is { } replacement)
            {
                map[i] = replacement;
                continue;
            }

            var node = program.Nodes[i];
            map[i] = node switch
            {
                Delta delta => Delta(delta.Extent),
                ExtentValue value => ExtentValue(value.Extent),
                Leaf leaf => Add(leaf),
                Elementwise e => Apply(e.Function, map[e.Operand], e.Exponent),
                Sum sum => Sum(sum.Axes, sum.Terms.Select(term => term with { Value = map[term.Value] })),
                Contraction c => Contract(
                    c.Coefficient,
                    c.Factors.Select(Mapped),
                    Enumerable.Range(0, c.Rank).ToList(),
                    Enumerable.Range(0, c.Rank).ToDictionary(label => label, label => c.Axes[label])),
                Slice slice => Slice(map[slice.Operand], slice.Axis, slice.Start, slice.Axes[slice.Axis]),
                Pad pad => Pad(map[pad.Operand], pad.Axis, pad.Before, pad.Axes[pad.Axis]),
                Split split => Split(map[split.Operand], split.Axis, split.Axes[split.Axis], split.Axes[split.Axis + 1]),
                Merge merge => Merge(map[merge.Operand], merge.Axis),
                CumulativeSum cumulative => CumulativeSum(map[cumulative.Operand], cumulative.Axis, cumulative.Reverse),
                Difference difference => Difference(map[difference.Operand], difference.Axis),
                Flip flip => Flip(map[flip.Operand], flip.Axis),
                Compare compare => Compare(compare.Comparison, map[compare.Operand]),
                Logical logical => Logical(logical.Logic, logical.Conditions.Select(condition => map[condition]).ToArray()),
                Select select => Select(select.Axes, Mapped(select.Condition), Mapped(select.Then), Mapped(select.Otherwise)),
                Reduce reduce => Reduce(reduce.Reduction, map[reduce.Operand], reduce.Axis),
                Softmax softmax => Softmax(softmax.Logarithm, map[softmax.Operand], softmax.Axis),
                Solve solve => Solve(map[solve.Matrix], map[solve.Right]),
                LogDeterminant logDeterminant => LogDeterminant(map[logDeterminant.Matrix]),
                _ => throw new System.InvalidOperationException($"An unknown instruction: {node}."),
            };
            if (program.Names[i].Length > 0)
            {
                Name(map[i], program.Names[i]);
            }
        }

        return map;
    }
}
