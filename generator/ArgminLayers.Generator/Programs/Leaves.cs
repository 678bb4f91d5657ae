using System;

namespace ArgminLayers.Generator.Programs;

/// <summary>What a parameter's values promise.</summary>
internal enum Promise
{
    None,
    NonNegative,
    Positive,

    /// <summary>Symmetric and positive definite in the last two axes.</summary>
    PositiveDefinite,
}

/// <summary>A node without operands.</summary>
internal abstract record Leaf(EquatableArray<Extent> Axes, Domain Domain) : Node(Axes, Domain)
{
    protected override int[] ListOperands() => Array.Empty<int>();

    public override Node Renumber(Func<int, int> map) => this;
}

/// <summary>A parameter: a tensor, or a number of the host language.</summary>
internal sealed record Input(string Name, EquatableArray<Extent> Axes, Domain Domain, Promise Promise) : Leaf(Axes, Domain);

/// <summary>A number known at compile time.</summary>
internal sealed record Constant(double Value) : Leaf(default, Domain.Host)
{
    public bool Equals(Constant? other) =>
        other is not null && BitConverter.DoubleToInt64Bits(Value) == BitConverter.DoubleToInt64Bits(other.Value);

    public override int GetHashCode() => BitConverter.DoubleToInt64Bits(Value).GetHashCode();
}

/// <summary>δᵢⱼ: 1 where both indices are equal, else 0.</summary>
internal sealed record Delta(Extent Extent) : Leaf(EquatableArray.Of(Extent, Extent), Domain.Tensor);

/// <summary>0, 1, …, n − 1.</summary>
internal sealed record Iota(Extent Extent) : Leaf(EquatableArray.Of(Extent), Domain.Tensor);

/// <summary>An extent as a number.</summary>
internal sealed record ExtentValue(Extent Extent) : Leaf(default, Domain.Host);
