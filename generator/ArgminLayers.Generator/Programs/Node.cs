
namespace ArgminLayers.Generator.Programs;

/// <summary>What kind of thing a value is while the generated code runs.</summary>
internal enum Domain
{
    /// <summary>A tensor of numbers.</summary>
    Tensor,

    /// <summary>A tensor of booleans.</summary>
    Mask,

    /// <summary>A C# <c>double</c>; its arithmetic stays C# arithmetic.</summary>
    Host,
}

/// <summary>
/// One instruction of a program: a value with an ordered list of axes. Operands are the indices of earlier instructions. Two nodes are equal
/// exactly when they compute the same thing in the same way.
/// </summary>
/// <remarks>
/// The kinds are few and closed, after Laue, Mitterreiter and Giesen, "A simple and efficient tensor calculus" (AAAI 2020), so that the rules of
/// differentiation fit on a page.
/// </remarks>
internal abstract record Node(EquatableArray<Extent> Axes, Domain Domain)
{
    private int[]? operands;

    /// <summary>A copy; its operands may become others.</summary>
    protected Node(Node original) => (Axes, Domain) = (original.Axes, original.Domain);

    public int Rank => Axes.Count;

    public bool IsHost => Domain == Domain.Host;

    /// <summary>The values this one is computed from, in order, repeated where used twice; to be read only.</summary>
    public int[] Operands => operands ??= ListOperands();

    /// <summary>The same instruction with its operands renumbered.</summary>
    public abstract Node Renumber(System.Func<int, int> map);

    protected abstract int[] ListOperands();

    public virtual bool Equals(Node? other) =>
        ReferenceEquals(this, other) || (other is not null && EqualityContract == other.EqualityContract && Domain == other.Domain && Axes.Equals(other.Axes));

    public override int GetHashCode() => unchecked((((EqualityContract.GetHashCode() * 31) + (int)Domain) * 31) + Axes.GetHashCode());
}
