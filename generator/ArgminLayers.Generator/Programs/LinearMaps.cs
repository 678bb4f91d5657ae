using System;

namespace ArgminLayers.Generator.Programs;

/// <summary>A linear map along one axis, with a transpose of known form, never a matrix.</summary>
internal abstract record LinearMap(int Operand, int Axis, EquatableArray<Extent> Axes) : Node(Axes, Domain.Tensor)
{
    protected override int[] ListOperands() => new[] { Operand };

    public override Node Renumber(Func<int, int> map) => this with { Operand = map(Operand) };
}

/// <summary>Elements Start … Start + Length − 1 of the axis. Transpose: <see cref="Pad"/>.</summary>
internal sealed record Slice(int Operand, int Axis, Extent Start, EquatableArray<Extent> Axes) : LinearMap(Operand, Axis, Axes);

/// <summary>The axis with Before zeros in front, and as many behind as the result's extent asks for. Transpose: <see cref="Slice"/>.</summary>
internal sealed record Pad(int Operand, int Axis, Extent Before, EquatableArray<Extent> Axes) : LinearMap(Operand, Axis, Axes);

/// <summary>The axis split into two, row-major. Transpose: <see cref="Merge"/>.</summary>
internal sealed record Split(int Operand, int Axis, EquatableArray<Extent> Axes) : LinearMap(Operand, Axis, Axes);

/// <summary>The axis and the next one merged, row-major. Transpose: <see cref="Split"/>.</summary>
internal sealed record Merge(int Operand, int Axis, EquatableArray<Extent> Axes) : LinearMap(Operand, Axis, Axes);

/// <summary>Running sums along the axis, from the front or (Reverse) from the back; each is the other's transpose.</summary>
internal sealed record CumulativeSum(int Operand, int Axis, bool Reverse, EquatableArray<Extent> Axes) : LinearMap(Operand, Axis, Axes);

/// <summary>xₖ₊₁ − xₖ. Transpose: a difference of two pads.</summary>
internal sealed record Difference(int Operand, int Axis, EquatableArray<Extent> Axes) : LinearMap(Operand, Axis, Axes);

/// <summary>The axis in reverse order; its own transpose.</summary>
internal sealed record Flip(int Operand, int Axis, EquatableArray<Extent> Axes) : LinearMap(Operand, Axis, Axes);
