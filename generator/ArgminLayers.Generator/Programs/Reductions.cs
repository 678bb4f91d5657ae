using System;

namespace ArgminLayers.Generator.Programs;

/// <summary>Reductions that have a numerically stable form of their own.</summary>
internal enum Reduction
{
    LogSumExp,
    Maximum,
}

/// <summary>The axis reduced to one value.</summary>
internal sealed record Reduce(Reduction Reduction, int Operand, int Axis, EquatableArray<Extent> Axes) : Node(Axes, Domain.Tensor)
{
    protected override int[] ListOperands() => new[] { Operand };

    public override Node Renumber(Func<int, int> map) => this with { Operand = map(Operand) };
}

/// <summary>softmax along the axis, or its logarithm.</summary>
internal sealed record Softmax(bool Logarithm, int Operand, int Axis, EquatableArray<Extent> Axes) : Node(Axes, Domain.Tensor)
{
    protected override int[] ListOperands() => new[] { Operand };

    public override Node Renumber(Func<int, int> map) => this with { Operand = map(Operand) };
}
