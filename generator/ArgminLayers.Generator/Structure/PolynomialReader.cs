using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>Values as polynomials in elements: sums and products are taken apart, and what else becomes of a value is a question of the proof.</summary>
internal abstract class PolynomialReader
{
    private readonly Effort effort;

    /// <param name="nodes">The instructions.</param>
    /// <param name="effort">What may still be spent.</param>
    protected PolynomialReader(IReadOnlyList<Node> nodes, Effort effort)
    {
        Nodes = nodes;
        this.effort = effort;
    }

    protected IReadOnlyList<Node> Nodes { get; }

    /// <summary>A value that is neither a sum nor a product, or is not to be taken apart.</summary>
    protected abstract Polynomial? ReadOther(Factor factor);

    /// <summary>Whether a value is one element, whatever it is made of.</summary>
    protected virtual bool IsOpaque(int value) => false;

    /// <summary>The value as a polynomial; null where it grows too long, or cannot be read.</summary>
    protected Polynomial? Read(Factor factor)
    {
        if (!effort.Spend(1))
        {
            return null;
        }

        switch (IsOpaque(factor.Value) ? null : Nodes[factor.Value])
        {
            case Constant constant:
                return Polynomial.Of(constant.Value);
            case Sum sum:
                Polynomial? total = Polynomial.Of(0);
                for (var k = 0; k < sum.Terms.Count && total is not null; k++)
                {
                    total = Read(Inside(factor, new Factor(sum.Terms[k].Value, sum.Terms[k].Labels))) is { } part ? total.Plus(part, sum.Terms[k].Coefficient).OrNull() : null;
                }

                return total;
            case Contraction { Summed.Count: 0 } product:
                return Multiplied(product.Coefficient, product.Factors.Map(inner => Inside(factor, inner)));
            case Elementwise { Function: Function.Power, Exponent: 2 or 3 or 4 } power:
                return Multiplied(1, Enumerable.Repeat(factor with { Value = power.Operand }, (int)power.Exponent).ToList());
            default:
                return ReadOther(factor);
        }
    }

    protected Polynomial? Multiplied(double coefficient, IReadOnlyList<Factor> factors)
    {
        Polynomial? result = Polynomial.Of(coefficient);
        for (var k = 0; k < factors.Count && result is not null; k++)
        {
            result = Read(factors[k]) is { } next ? Times(result, next) : null;
        }

        return result;
    }

    protected Polynomial? Times(Polynomial left, Polynomial right) => effort.Spend(left.Count * right.Count / 20) ? left.Times(right).OrNull() : null;

    /// <summary>An operand of a value, with the indices that its axes have where the value has those of <paramref name="outer"/>.</summary>
    protected static Factor Inside(Factor outer, Factor inner) => inner with { Labels = inner.Labels.Map(label => outer.Labels[label]) };
}
