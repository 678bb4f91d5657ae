using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>Signs case by case: a condition that a value asks twice has one answer, so that 2(w where c) − (w where c) is at least 0 with w.</summary>
internal sealed class CaseSigns : PolynomialReader
{
    /// <summary>The more conditions, the more cases: all their combinations are looked at, those included that never happen.</summary>
    private const int Most = 6;

    private readonly Interval[] ranges;
    private readonly Dictionary<Factor, bool> answers = new();
    private Factor? open;

    private CaseSigns(IReadOnlyList<Node> nodes, Interval[] ranges)
        : base(nodes, new Effort()) => this.ranges = ranges;

    /// <summary>Whether every element is at least 0.</summary>
    /// <param name="nodes">The instructions.</param>
    /// <param name="ranges">Their ranges.</param>
    /// <param name="value">The value.</param>
    public static bool IsNonNegative(IReadOnlyList<Node> nodes, Interval[] ranges, int value) =>
        ranges[value].IsNonNegative || new CaseSigns(nodes, ranges).IsNonNegative(new Factor(value, Enumerable.Range(0, nodes[value].Rank).ToEquatable()));

    private bool IsNonNegative(Factor value)
    {
        open = null;
        var polynomial = Read(value);
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

    /// <summary>A selection with the answers so far; null where its own is open.</summary>
    protected override Polynomial? ReadOther(Factor factor)
    {
        if (Nodes[factor.Value] is not Select select)
        {
            return Polynomial.Of(factor);
        }

        var condition = Inside(factor, select.Condition);
        if (!answers.TryGetValue(condition, out var holds))
        {
            open ??= condition;
            return null;
        }

        return Read(Inside(factor, holds ? select.Then : select.Otherwise));
    }
}
