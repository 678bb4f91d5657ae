using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>
/// The order to which the two branches of a selection agree where its condition changes: both are polynomials in the same elements, and their difference has that power
/// of what is compared as a factor, as in Huber's function, <c>½r² − (δ|r| − ½δ²) = ½(|r| − δ)²</c>.
/// </summary>
/// <remarks>
/// With <c>m = αp + q</c>, p an element that q lacks, a polynomial D has mᵏ as a factor exactly if D and its first k − 1 derivatives in p vanish at <c>p = −q/α</c>.
/// An r under an absolute value in m is one element, and <c>r² = |r|²</c>.
/// </remarks>
internal sealed class BranchAgreement
{
    /// <summary>More than any question asks for.</summary>
    private const int Most = 3;

    private readonly IReadOnlyList<Node> nodes;
    private readonly Interval[] ranges;
    private readonly Factor compared;
    private readonly bool[] depends;
    private readonly HashSet<int> opaque = new();
    private Factor pivot;
    private Polynomial? root;

    private BranchAgreement(IReadOnlyList<Node> nodes, Interval[] ranges, Factor compared, bool[] depends)
    {
        this.depends = depends;
        this.nodes = nodes;
        this.ranges = ranges;
        this.compared = compared;
    }

    /// <summary>The order; 0 where the rule shows none.</summary>
    /// <param name="nodes">The instructions.</param>
    /// <param name="ranges">Their ranges.</param>
    /// <param name="select">The selection.</param>
    /// <param name="compared">What its condition compares with 0.</param>
    /// <param name="depends">Which values depend on the variable.</param>
    public static int Of(IReadOnlyList<Node> nodes, Interval[] ranges, Select select, int compared, bool[] depends)
    {
        var agreement = new BranchAgreement(nodes, ranges, new Factor(compared, select.Condition.Labels), depends);
        return agreement.FindRoot() && agreement.Read(select.Then) is { } then && agreement.Read(select.Otherwise) is { } otherwise
            ? agreement.OrderOf(then.Plus(otherwise, -1))
            : 0;
    }

    /// <summary>p and −q/α.</summary>
    private bool FindRoot()
    {
        foreach (var operand in Reached(compared.Value).Select(value => nodes[value]).OfType<Elementwise>().Where(f => f.Function == Function.Abs))
        {
            opaque.Add(operand.Operand);
        }

        if (Read(compared) is not { } m)
        {
            return false;
        }

        // An absolute value first: r itself is not free of it.
        foreach (var atom in m.Atoms().OrderByDescending(IsAbsolute).ThenByDescending(atom => depends[atom.Value]))
        {
            if (m.Coefficient(atom) is { } alpha && alpha != 0 && m.Degree(atom) == 1 && m.Occurrences(atom) == 1)
            {
                pivot = atom;
                root = m.Plus(Polynomial.Of(atom), -alpha).Scaled(-1 / alpha);
                return true;
            }
        }

        return false;
    }

    private int OrderOf(Polynomial difference)
    {
        // A pole could take the zero away.
        if (!AreFinite(difference) || !AreFinite(root!))
        {
            return 0;
        }

        var order = 0;
        for (; order < Most && difference.At(pivot, root!) is { IsZero: true }; order++)
        {
            difference = difference.Derivative(pivot);
        }

        return order;
    }

    private bool AreFinite(Polynomial polynomial) => polynomial.Atoms().All(atom => VanishingOrder.IsFinite(nodes, atom.Value, depends));

    /// <summary>A value as a polynomial in elements; null where it grows too long.</summary>
    private Polynomial? Read(Factor factor)
    {
        Factor Inside(int value, EquatableArray<int> labels) => new(value, labels.Select(label => factor.Labels[label]).ToEquatable());
        if (opaque.Contains(factor.Value))
        {
            return Polynomial.Of(factor);
        }

        switch (nodes[factor.Value])
        {
            case Constant constant:
                return Polynomial.Of(constant.Value);
            case Sum sum:
                var total = Polynomial.Of(0);
                foreach (var term in sum.Terms)
                {
                    if (Read(Inside(term.Value, term.Labels)) is not { } part)
                    {
                        return null;
                    }

                    total = total.Plus(part, term.Coefficient);
                }

                return total.OrNull();
            case Contraction { Summed.Count: 0 } product:
                var result = Polynomial.Of(product.Coefficient);
                foreach (var part in product.Factors)
                {
                    if (Read(Inside(part.Value, part.Labels)) is not { } next || Times(result, next) is not { } longer)
                    {
                        return null;
                    }

                    result = longer;
                }

                return result;
            case Elementwise { Function: Function.Power, Exponent: 2 or 3 or 4 } power:
                var @base = Read(factor with { Value = power.Operand });
                var raised = @base;
                for (var k = 1; k < power.Exponent && raised is not null; k++)
                {
                    raised = Times(raised, @base!);
                }

                return raised;
            case Select inner when root is not null && Decided(inner, factor) is { } branch:
                return Read(Inside(branch.Value, branch.Labels));
            default:
                return Polynomial.Of(factor);
        }
    }

    /// <summary>The branch that a selection in a branch takes near the place where the outer condition changes; null where that is open.</summary>
    private Factor? Decided(Select inner, Factor place)
    {
        if (nodes[inner.Condition.Value] is not Compare { Comparison: not (Comparison.Equal or Comparison.NotEqual) } compare
            || Read(new Factor(compare.Operand, inner.Condition.Labels.Select(label => place.Labels[label]).ToEquatable()))?.At(pivot, root!) is not { } value || !AreFinite(value))
        {
            return null;
        }

        var range = value.Range(atom => ranges[atom.Value]);
        return range.IsPositive ? compare.Comparison is Comparison.Greater or Comparison.GreaterOrEqual ? inner.Then : inner.Otherwise
            : range.IsNegative ? compare.Comparison is Comparison.Greater or Comparison.GreaterOrEqual ? inner.Otherwise : inner.Then
            : null;
    }

    /// <summary>The product, with r² as |r|².</summary>
    private Polynomial? Times(Polynomial left, Polynomial right)
    {
        var product = left.Times(right);
        foreach (var atom in product.Atoms().Where(atom => opaque.Contains(atom.Value)).ToList())
        {
            var absolute = Enumerable.Range(0, nodes.Count).First(i => nodes[i] is Elementwise { Function: Function.Abs } f && f.Operand == atom.Value);
            product = product.WithSquares(atom, atom with { Value = absolute });
        }

        return product.OrNull();
    }

    private bool IsAbsolute(Factor atom) => nodes[atom.Value] is Elementwise { Function: Function.Abs };

    private IEnumerable<int> Reached(int value)
    {
        var (pending, seen) = (new Stack<int>(new[] { value }), new HashSet<int>());
        while (pending.Count > 0)
        {
            var next = pending.Pop();
            if (seen.Add(next) && nodes[next] is Sum or Contraction { Summed.Count: 0 } or Elementwise { Function: Function.Abs })
            {
                yield return next;
                foreach (var operand in nodes[next].Operands)
                {
                    pending.Push(operand);
                }
            }
        }
    }
}
