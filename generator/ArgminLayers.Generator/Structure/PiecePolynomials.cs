using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>Values as polynomials in elements, on one side of every kink.</summary>
internal sealed class PiecePolynomials : PolynomialReader
{
    private readonly bool[] depends;
    private readonly HashSet<int> opaque;
    private readonly Func<Factor, Polynomial, int> sideOf;
    private bool[]? holders;

    /// <param name="nodes">The instructions.</param>
    /// <param name="depends">Which values depend on the variable.</param>
    /// <param name="opaque">The values that are one element each.</param>
    /// <param name="effort">What may still be spent.</param>
    /// <param name="sideOf">The side of a kink, from the element that has it and what changes its sign: 1, −1, or 0 where that is open.</param>
    public PiecePolynomials(IReadOnlyList<Node> nodes, bool[] depends, HashSet<int> opaque, Effort effort, Func<Factor, Polynomial, int> sideOf)
        : base(nodes, effort)
    {
        this.depends = depends;
        this.opaque = opaque;
        this.sideOf = sideOf;
    }

    /// <summary>The kink whose side was open and what changes its sign there, after a value could not be read for that.</summary>
    public (Factor Kink, Polynomial Sign)? Open { get; private set; }

    /// <summary>The difference, no kink of which may be open; null where it cannot be read.</summary>
    public Polynomial? Read(SignChange change) =>
        Read(change.Left) is not { } left ? null
        : change.Right is not { } right ? left
        : Read(right) is { } minus ? left.Plus(minus, -1).OrNull()
        : null;

    /// <summary>A product; null where it cannot be read, or is made of one of the holders otherwise than by polynomials and kinks with a known side.</summary>
    /// <param name="product">The product.</param>
    /// <param name="without">Which values are computed from the kink asked about.</param>
    public Polynomial? Read(KinkSummands.Product product, bool[] without)
    {
        holders = without;
        return Multiplied(product.Coefficient, product.Factors);
    }

    protected override bool IsOpaque(int value) => opaque.Contains(value);

    protected override Polynomial? ReadOther(Factor factor)
    {
        switch (IsOpaque(factor.Value) ? null : Nodes[factor.Value])
        {
            // What the variable does not choose between is chosen by a number, 1 or 0.
            case Select select when !depends[select.Condition.Value]:
                var mask = Polynomial.Of(Inside(factor, select.Condition));
                return Read(Inside(factor, select.Then)) is { } then && Read(Inside(factor, select.Otherwise)) is { } otherwise && Times(mask, then.Plus(otherwise, -1)) is { } chosen
                    ? chosen.Plus(otherwise, 1).OrNull()
                    : null;
            case { } when SignChange.Of(Nodes, factor.Value) is { } change:
                return Side(factor, change) is not { } side ? null
                    : side == 0 ? Element(factor)
                    : SignChange.On(Nodes, factor.Value, side) is var (coefficient, value) && coefficient == 0 ? Polynomial.Of(0)
                    : Read(Inside(factor, value))?.Scaled(coefficient);
            default:
                return Element(factor);
        }
    }

    /// <summary>The side of a kink; 0 where that is open and may be, null where it may not.</summary>
    private int? Side(Factor kink, SignChange change)
    {
        if (Read(change.In(kink.Labels)) is not { } sign)
        {
            return null;
        }

        var side = sideOf(kink, sign);
        if (side == 0 && holders is null)
        {
            Open = (kink, sign);
            return null;
        }

        return side;
    }

    /// <summary>A value as one element, if the kink asked about is not in it.</summary>
    private Polynomial? Element(Factor factor) => holders?[factor.Value] == true ? null : Polynomial.Of(factor);
}
