using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>How often a value has another one as a factor, element by element: the order to which it vanishes where that one is 0.</summary>
internal static class VanishingOrder
{
    /// <summary>More than any question asks for.</summary>
    private const int Endless = 100;

    /// <summary>The order; 0 where no rule shows one.</summary>
    /// <param name="nodes">The instructions.</param>
    /// <param name="factor">The value with the indices of its axes.</param>
    /// <param name="zero">The value that is 0.</param>
    /// <param name="labels">The indices of that one's axes.</param>
    /// <param name="depends">Which values depend on the variable; the others are numbers here.</param>
    public static int Of(IReadOnlyList<Node> nodes, Factor factor, int zero, EquatableArray<int> labels, bool[] depends)
    {
        Factor Inside(Factor inner) => inner with { Labels = inner.Labels.Select(label => factor.Labels[label]).ToEquatable() };
        if (factor.Labels.Equals(labels) && IsMultiple(nodes, factor.Value, zero))
        {
            return 1;
        }

        switch (nodes[factor.Value])
        {
            case Constant { Value: 0 } or Contraction { Coefficient: 0 }:
                return Endless;
            case Contraction { Summed.Count: 0 } product when product.Factors.All(part => IsFinite(nodes, part.Value, depends)):
                return Math.Min(Endless, product.Factors.Sum(part => Of(nodes, Inside(part), zero, labels, depends)));
            case Sum sum:
                return sum.Terms.Min(term => Of(nodes, Inside(new Factor(term.Value, term.Labels)), zero, labels, depends));
            case Elementwise { Function: Function.Power, Exponent: >= 1 and <= 8 } power when power.Exponent == Math.Floor(power.Exponent):
                return Math.Min(Endless, (int)power.Exponent * Of(nodes, factor with { Value = power.Operand }, zero, labels, depends));
            default:
                return 0;
        }
    }

    /// <summary>Whether a value has no pole, which would take a zero away.</summary>
    public static bool IsFinite(IReadOnlyList<Node> nodes, int value, bool[] depends)
    {
        var (pending, seen) = (new Stack<int>(), new HashSet<int>());
        pending.Push(value);
        while (pending.Count > 0)
        {
            var next = pending.Pop();
            if (!depends[next] || !seen.Add(next))
            {
                continue;
            }

            var isFinite = nodes[next] is Leaf or Sum or Contraction or LinearMap
                or Elementwise { Function: Function.Abs or Function.Relu or Function.Exp or Function.Sin or Function.Cos or Function.Tanh or Function.Sigmoid or Function.Softplus or Function.Erf or Function.Atan }
                or Elementwise { Function: Function.Power, Exponent: >= 1 };
            if (!isFinite)
            {
                return false;
            }

            foreach (var operand in nodes[next].Operands)
            {
                pending.Push(operand);
            }
        }

        return true;
    }

    /// <summary>Whether one value is a number times the other.</summary>
    private static bool IsMultiple(IReadOnlyList<Node> nodes, int value, int other)
    {
        if (value == other)
        {
            return true;
        }

        if (nodes[value] is not Sum a || nodes[other] is not Sum b || a.Terms.Count != b.Terms.Count)
        {
            return false;
        }

        var ratio = a.Terms[0].Coefficient / b.Terms[0].Coefficient;
        return Enumerable.Range(0, a.Terms.Count).All(k =>
            a.Terms[k].Value == b.Terms[k].Value && a.Terms[k].Labels.Equals(b.Terms[k].Labels) && a.Terms[k].Coefficient == ratio * b.Terms[k].Coefficient);
    }
}
