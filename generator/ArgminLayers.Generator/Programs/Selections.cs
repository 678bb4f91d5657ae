using System;
using System.Linq;

namespace ArgminLayers.Generator.Programs;

/// <summary>Comparisons with zero.</summary>
internal enum Comparison
{
    GreaterOrEqual,
    Greater,
    LessOrEqual,
    Less,
    Equal,
    NotEqual,
}

/// <summary>Operations on conditions.</summary>
internal enum Logic
{
    And,
    Or,
    Not,
}

/// <summary>Whether each element compares with zero as stated. Its derivative is zero.</summary>
internal sealed record Compare(Comparison Comparison, int Operand, EquatableArray<Extent> Axes) : Node(Axes, Domain.Mask)
{
    protected override int[] ListOperands() => new[] { Operand };

    public override Node Renumber(Func<int, int> map) => this with { Operand = map(Operand) };
}

/// <summary>
/// Whether each element is the largest along the axis. The largest one is an operand of its own, so that the two are compared as they were computed:
/// their difference, once simplified, is rounded in another way and can miss every element.
/// </summary>
internal sealed record Attains(int Operand, int Largest, int Axis, EquatableArray<Extent> Axes) : Node(Axes, Domain.Mask)
{
    protected override int[] ListOperands() => new[] { Operand, Largest };

    public override Node Renumber(Func<int, int> map) => this with { Operand = map(Operand), Largest = map(Largest) };
}

/// <summary>Conditions combined, element by element; all have the result's axes.</summary>
internal sealed record Logical(Logic Logic, EquatableArray<int> Conditions, EquatableArray<Extent> Axes) : Node(Axes, Domain.Mask)
{
    protected override int[] ListOperands() => Conditions.ToArray();

    public override Node Renumber(Func<int, int> map) => this with { Conditions = Conditions.Select(map).ToEquatable() };
}

/// <summary>
/// The one factor where the condition holds, the other elsewhere. The three carry indices of the result; one they lack is broadcast.
/// The branch not taken has no influence, NaN and infinities included: derivatives select, they never multiply by a mask.
/// </summary>
internal sealed record Select(Factor Condition, Factor Then, Factor Otherwise, EquatableArray<Extent> Axes, Domain Domain) : Node(Axes, Domain)
{
    protected override int[] ListOperands() => new[] { Condition.Value, Then.Value, Otherwise.Value };

    public override Node Renumber(Func<int, int> map) => this with
    {
        Condition = Condition with { Value = map(Condition.Value) },
        Then = Then with { Value = map(Then.Value) },
        Otherwise = Otherwise with { Value = map(Otherwise.Value) },
    };
}

/// <summary>
/// The larger (or the smaller) of two numbers, element by element. The two carry indices of the result; one they lack is broadcast. At a tie the derivative
/// is the left one's.
/// </summary>
internal sealed record Extremum(bool IsMaximum, Factor Left, Factor Right, EquatableArray<Extent> Axes, Domain Domain) : Node(Axes, Domain)
{
    protected override int[] ListOperands() => new[] { Left.Value, Right.Value };

    public override Node Renumber(Func<int, int> map) => this with
    {
        Left = Left with { Value = map(Left.Value) },
        Right = Right with { Value = map(Right.Value) },
    };
}
