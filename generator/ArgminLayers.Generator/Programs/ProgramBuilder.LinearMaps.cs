using System.Collections.Generic;
using System.Linq;

namespace ArgminLayers.Generator.Programs;

/// <content>Linear maps along one axis.</content>
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

    private EquatableArray<Extent> With(int operand, int axis, Extent extent)
    {
        Require(axis >= 0 && axis < this[operand].Rank, $"an axis {axis}", operand);
        var axes = this[operand].Axes.ToList();
        axes[axis] = extent;
        return axes.ToEquatable();
    }
}
