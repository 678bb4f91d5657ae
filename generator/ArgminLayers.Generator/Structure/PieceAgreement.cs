using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>
/// The order to which the pieces of a value agree where one of its kinks is: beside it the value is one polynomial in elements or another, and their difference has that power of
/// what changes its sign as a factor, as in Huber's function, <c>½r² − (δ|r| − ½δ²) = ½(|r| − δ)²</c>, however it is written: by a selection, or by c = clamp(r, −δ, δ) as
/// <c>½c² + δ(|r| − |c|)</c>.
/// </summary>
/// <remarks>
/// With <c>m = αp + q</c>, p an element that q lacks, a polynomial D has mᵏ as a factor exactly if D and its first k − 1 derivatives in p vanish at <c>p = −q/α</c>.
/// <c>P + [m > 0] mᵏ Q</c> has k − 1 continuous derivatives. Other kinks have one side near m = 0, or change it together with m; what m itself has of them is looked at side by side.
/// </remarks>
internal sealed class PieceAgreement
{
    /// <summary>More than any question asks for.</summary>
    private const int Most = 3;

    private readonly IReadOnlyList<Node> nodes;
    private readonly Interval[] ranges;
    private readonly bool[] depends;
    private readonly Effort effort;
    private readonly KinkSummands summands;
    private readonly HashSet<int> opaque;

    private PieceAgreement(IReadOnlyList<Node> nodes, Interval[] ranges, bool[] depends, KinkSummands summands, HashSet<int> opaque, Effort effort)
    {
        this.nodes = nodes;
        this.ranges = ranges;
        this.depends = depends;
        this.summands = summands;
        this.opaque = opaque;
        this.effort = effort;
    }

    /// <summary>The order; 0 where the rule shows none.</summary>
    /// <param name="nodes">The instructions.</param>
    /// <param name="ranges">Their ranges.</param>
    /// <param name="depends">Which values depend on the variable; the others are numbers here.</param>
    /// <param name="value">The value.</param>
    /// <param name="source">The instruction that has the kink, an operand of the value's or the value itself.</param>
    /// <param name="effort">What may still be spent on this.</param>
    public static int Of(IReadOnlyList<Node> nodes, Interval[] ranges, bool[] depends, int value, int source, Effort effort)
    {
        if (SignChange.Of(nodes, source) is not { } change || KinkSummands.Of(nodes, value, source) is not { } groups)
        {
            return 0;
        }

        // Where what changes its sign cannot be read in its parts, what is under an absolute value is one element.
        var inner = SignChange.Reached(nodes, change).Where(operand => nodes[operand] is Elementwise { Function: Function.Abs or Function.Relu })
            .Select(operand => ((Elementwise)nodes[operand]).Operand).ToList();
        var attempts = inner.Count == 0 ? new[] { new HashSet<int>() } : new[] { new HashSet<int>(), new HashSet<int>(inner) };
        return groups.Min(group => Best(attempts.Select(opaque => new PieceAgreement(nodes, ranges, depends, group, opaque, effort).Order(change))));
    }

    private int Order(SignChange change)
    {
        var pending = new Stack<EquatableArray<Choice>>();
        pending.Push(default);
        var least = Most;
        while (pending.Count > 0 && least > 0)
        {
            var choices = pending.Pop();
            var reader = new PiecePolynomials(nodes, depends, opaque, effort, (kink, sign) => SideOf(kink, sign.Range(RangeOf), choices));
            if (reader.Read(change.In(summands.Labels)) is { } m)
            {
                least = Math.Min(least, Order(m, choices));
            }
            else if (reader.Open is { } open && choices.Count < Most)
            {
                pending.Push(choices.Append(new Choice(open.Kink, open.Sign, 1)).ToEquatable());
                pending.Push(choices.Append(new Choice(open.Kink, open.Sign, -1)).ToEquatable());
            }
            else
            {
                return 0;
            }
        }

        return least;
    }

    /// <summary>The order at m = 0, where the kinks within m have the sides that were chosen.</summary>
    private int Order(Polynomial m, EquatableArray<Choice> choices)
    {
        var range = m.Range(RangeOf);
        return range.IsPositive || range.IsNegative ? Most
            : !m.Atoms().Any(atom => depends[atom.Value]) || !AreFinite(m) ? 0
            : Best(m.Atoms().Where(atom => m.Coefficient(atom) is { } alpha && alpha != 0 && m.Degree(atom) == 1 && m.Occurrences(atom) == 1)
                .OrderByDescending(atom => depends[atom.Value]).Take(Most).Select(pivot => Order(m, pivot, choices)));
    }

    /// <summary>The largest order; the first that makes a derivative continuous will do.</summary>
    private static int Best(IEnumerable<int> orders)
    {
        var best = 0;
        foreach (var order in orders)
        {
            best = Math.Max(best, order);
            if (best > 1)
            {
                break;
            }
        }

        return best;
    }

    private int Order(Polynomial m, Factor pivot, EquatableArray<Choice> choices)
    {
        var alpha = m.Coefficient(pivot)!.Value;
        var root = m.Plus(Polynomial.Of(pivot), -alpha).Scaled(-1 / alpha);
        foreach (var choice in choices)
        {
            if (choice.Sign.At(pivot, root) is not { IsZero: false } there)
            {
                return 0;
            }

            var range = there.Range(RangeOf);
            if (choice.Side > 0 ? range.IsNegative : range.IsPositive)
            {
                return Most;
            }
        }

        var total = Polynomial.Of(0);
        foreach (var product in summands.Products)
        {
            if (Difference(product) is not { } part)
            {
                return 0;
            }

            total = total.Plus(part, 1);
        }

        foreach (var product in summands.Companions)
        {
            total = Difference(product) is { } part && AreFinite(part) ? total.Plus(part, 1) : total;
        }

        // A pole could take the zero away.
        var (difference, order) = (total.OrNull(), 0);
        for (; order < Most && difference is not null && AreFinite(difference) && difference.At(pivot, root) is { IsZero: true }; order++)
        {
            difference = difference.Derivative(pivot);
        }

        return order;

        Polynomial? Difference(KinkSummands.Product product) => Piece(product, 1) is { } above && Piece(product, -1) is { } below ? above.Plus(below, -1) : null;

        Polynomial? Piece(KinkSummands.Product product, int side)
        {
            var reader = new PiecePolynomials(nodes, depends, opaque, effort, (kink, sign) =>
                kink == new Factor(summands.Source, summands.Labels) ? side : SideOf(kink, sign, choices, pivot, root, side * Math.Sign(alpha)));
            return reader.Read(product, summands.Holders);
        }
    }

    /// <summary>The side of a kink where m is near 0; 0 where that is open.</summary>
    /// <param name="kink">The kink.</param>
    /// <param name="sign">What changes its sign there.</param>
    /// <param name="choices">The sides that were chosen.</param>
    /// <param name="pivot">p.</param>
    /// <param name="root">p where m = 0.</param>
    /// <param name="direction">Whether p is above or below that.</param>
    private int SideOf(Factor kink, Polynomial sign, EquatableArray<Choice> choices, Factor pivot, Polynomial root, int direction)
    {
        var parity = 1;
        for (var k = 0; k < Most && AreFinite(sign) && sign.At(pivot, root) is { } there; k++, parity *= direction)
        {
            if (!there.IsZero)
            {
                return parity * SideOf(kink, there.Range(RangeOf), k == 0 ? choices : default);
            }

            sign = sign.Derivative(pivot);
        }

        return 0;
    }

    private static int SideOf(Factor kink, Interval range, EquatableArray<Choice> choices) =>
        range.IsPositive ? 1 : range.IsNegative ? -1 : choices.FirstOrDefault(choice => choice.Kink == kink)?.Side ?? 0;

    private Interval RangeOf(Factor atom) => nodes[atom.Value].Domain == Domain.Mask ? new Interval(0, 1) : ranges[atom.Value];

    private bool AreFinite(Polynomial polynomial) => polynomial.Atoms().All(atom => VanishingOrder.IsFinite(nodes, atom.Value, depends));

    /// <summary>The side of a kink within what changes its sign.</summary>
    private sealed record Choice(Factor Kink, Polynomial Sign, int Side);
}
