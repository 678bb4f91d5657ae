using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>Signs case by case: a condition that a value asks twice has one answer, so that 2(w where c) − (w where c) is at least 0 with w.</summary>
internal sealed class CaseSigns
{
    /// <summary>The more conditions, the more cases: all their combinations are looked at, those included that never happen.</summary>
    private const int Most = 6;

    private readonly IReadOnlyList<Node> nodes;
    private readonly Interval[] ranges;
    private readonly Dictionary<Factor, bool> answers = new();
    private readonly Effort effort = new();
    private Factor? open;

    private CaseSigns(IReadOnlyList<Node> nodes, Interval[] ranges)
    {
        this.nodes = nodes;
        this.ranges = ranges;
    }

    /// <summary>Whether every element is at least 0.</summary>
    /// <param name="nodes">The instructions.</param>
    /// <param name="ranges">Their ranges.</param>
    /// <param name="value">The value.</param>
    public static bool IsNonNegative(IReadOnlyList<Node> nodes, Interval[] ranges, int value) =>
        ranges[value].IsNonNegative || new CaseSigns(nodes, ranges).IsNonNegative(new Factor(value, Enumerable.Range(0, nodes[value].Rank).ToEquatable()));

    private bool IsNonNegative(Factor value)
    {
        open = null;
        var polynomial = Of(value);
        if (open is not { } condition)
        {
            return polynomial?.Range(atom => ranges[atom.Value]).IsNonNegative == true;
        }

        if (answers.Count == Most)
        {
            return false;
        }

        answers[condition] = true;
        var isNonNegative = IsNonNegative(value);
        answers[condition] = false;
        isNonNegative = isNonNegative && IsNonNegative(value);
        answers.Remove(condition);
        return isNonNegative;
    }

    /// <summary>The value as a polynomial in elements, with the answers so far; null where it grows too long, or an answer is open.</summary>
    private Polynomial? Of(Factor factor)
    {
        Factor Inside(Factor inner) => inner with { Labels = inner.Labels.Map(label => factor.Labels[label]) };
        if (!effort.Spend(1))
        {
            return null;
        }

        switch (nodes[factor.Value])
        {
            case Constant constant:
                return Polynomial.Of(constant.Value);
            case Select select:
                var condition = Inside(select.Condition);
                if (!answers.TryGetValue(condition, out var holds))
                {
                    open ??= condition;
                    return null;
                }

                return Of(Inside(holds ? select.Then : select.Otherwise));
            case Sum sum:
                Polynomial? total = Polynomial.Of(0);
                for (var k = 0; k < sum.Terms.Count && total is not null; k++)
                {
                    total = Of(Inside(new Factor(sum.Terms[k].Value, sum.Terms[k].Labels))) is { } part ? total.Plus(part, sum.Terms[k].Coefficient).OrNull() : null;
                }

                return total;
            case Contraction { Summed.Count: 0 } product:
                Polynomial? result = Polynomial.Of(product.Coefficient);
                for (var k = 0; k < product.Factors.Count && result is not null; k++)
                {
                    result = Of(Inside(product.Factors[k])) is { } next ? result.Times(next).OrNull() : null;
                }

                return result;
            default:
                return Polynomial.Of(factor);
        }
    }
}
