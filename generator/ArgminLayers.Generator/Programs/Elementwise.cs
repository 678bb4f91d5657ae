using System;

namespace ArgminLayers.Generator.Programs;

/// <summary>The functions that act on each element alone.</summary>
internal enum Function
{
    Abs,
    Sign,
    Relu,
    Sqrt,
    Exp,
    Expm1,
    Log,
    Log1p,
    Sin,
    Cos,
    Tan,
    Atan,
    Sinh,
    Cosh,
    Tanh,
    Sigmoid,
    Softplus,
    Erf,

    /// <summary>x ↦ 1/x.</summary>
    Reciprocal,

    /// <summary>x ↦ xᵖ with a constant p.</summary>
    Power,
}

/// <summary>A function of each element: same axes as the operand.</summary>
internal sealed record Elementwise(Function Function, int Operand, double Exponent, EquatableArray<Extent> Axes, Domain Domain) : Node(Axes, Domain)
{
    protected override int[] ListOperands() => new[] { Operand };

    public override Node Renumber(Func<int, int> map) => this with { Operand = map(Operand) };
}

/// <summary>A power whose exponent is not known at compile time. Both carry indices of the result; one they lack is broadcast.</summary>
internal sealed record VariablePower(Factor Base, Factor Exponent, EquatableArray<Extent> Axes, Domain Domain) : Node(Axes, Domain)
{
    protected override int[] ListOperands() => new[] { Base.Value, Exponent.Value };

    public override Node Renumber(Func<int, int> map) => this with
    {
        Base = Base with { Value = map(Base.Value) },
        Exponent = Exponent with { Value = map(Exponent.Value) },
    };
}
