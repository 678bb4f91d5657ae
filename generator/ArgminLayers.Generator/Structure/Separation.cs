using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>
/// An objective as <c>Σₙ Σₖ φₙ(bₙ[k])</c> with bases bₙ affine in y, so that its Hessian is <c>Σₙ Jₙᵀ diag(φₙ″) Jₙ</c>: read off the objective, not off a Hessian.
/// </summary>
/// <param name="Base">bₙ: y itself (then Jₙ is the identity) or an affine function of it.</param>
/// <param name="Summands">The scalar values that add up to Σₖ φₙ(bₙ[k]), with their coefficients.</param>
/// <param name="IsTransposed">Whether something on the way from bₙ to the summands has bₙ's axes in another order.</param>
internal sealed record SeparableGroup(int Base, IReadOnlyList<Term> Summands, bool IsTransposed);

/// <summary>Finds the separable groups of an objective.</summary>
internal sealed class Separation
{
    private readonly Algebra algebra;
    private readonly int variable;
    private readonly bool[] depends;
    private readonly Dictionary<int, (int Base, EquatableArray<int> Labels)?> memo = new();
    private readonly AffineValues affine;

    private Separation(Algebra algebra, int variable)
    {
        this.algebra = algebra;
        this.variable = variable;
        affine = new AffineValues(algebra, variable);
        depends = Dependence.On(algebra.Nodes, variable);
    }

    /// <summary>What an objective is made of: its separable groups, the summands without y, and those that are not separable.</summary>
    internal sealed record Result(IReadOnlyList<SeparableGroup> Groups, IReadOnlyList<Term> Constant, IReadOnlyList<Term> Rest);

    public static Result Of(Algebra algebra, int objective, int variable)
    {
        var separation = new Separation(algebra, variable);
        var terms = algebra[objective] is Sum sum ? sum.Terms.ToList() : new List<Term> { new(1, objective, default) };
        var groups = new Dictionary<int, List<Term>>();
        var constant = new List<Term>();
        var rest = new List<Term>();
        foreach (var term in terms)
        {
            if (!separation.depends[term.Value])
            {
                constant.Add(term);
            }
            else if (separation.BaseOfSummand(term.Value) is { } found)
            {
                if (!groups.TryGetValue(found, out var list))
                {
                    groups.Add(found, list = new List<Term>());
                }

                list.Add(term);
            }
            else
            {
                rest.Add(term);
            }
        }

        return new Result(groups.OrderBy(pair => pair.Key).Select(pair => new SeparableGroup(pair.Key, pair.Value, separation.IsTransposed(pair.Key))).ToList(), constant, rest);
    }

    private bool IsTransposed(int value) => memo.Values.Any(found => found is { } own && own.Base == value && !own.Labels.Equals(algebra.OwnLabels(value)));

    /// <summary>The base of a scalar Σ Π gₖ whose factors are all functions of the same elements of one base.</summary>
    private int? BaseOfSummand(int value)
    {
        // A sum that is scaled, or weighted by numbers without y, is a sum of the same elements.
        if (algebra[value] is Contraction scaled
            && scaled.Factors.Where(factor => depends[factor.Value]).ToList() is { Count: 1 } single
            && (algebra[single[0].Value].Rank == 0 || algebra[single[0].Value] is Contraction { Summed.Count: > 0 }))
        {
            return BaseOfSummand(single[0].Value);
        }

        var factors = algebra[value] is Contraction contraction ? contraction.Factors.ToList() : new List<Factor> { algebra.Own(value) };
        return Common(factors) is { } common ? common.Base : null;
    }

    /// <summary>The base that the factors share, with the indices that its axes carry there.</summary>
    private (int Base, EquatableArray<int> Labels)? Common(IEnumerable<Factor> factors)
    {
        (int Base, EquatableArray<int> Labels)? common = null;
        foreach (var factor in factors.Where(factor => depends[factor.Value]))
        {
            if (BaseOf(factor.Value) is not { } own)
            {
                return null;
            }

            var labels = own.Labels.Select(axis => factor.Labels[axis]).ToEquatable();
            if (labels.Distinct().Count() < labels.Count || (common is { } other && (other.Base != own.Base || !other.Labels.Equals(labels))))
            {
                return null;
            }

            common = (own.Base, labels);
        }

        return common;
    }

    /// <summary>The base that the value is an elementwise function of, and for each axis of the base the value's axis that it is.</summary>
    private (int Base, EquatableArray<int> Labels)? BaseOf(int value)
    {
        if (!memo.TryGetValue(value, out var found))
        {
            found = value == variable ? (value, algebra.OwnLabels(value))
                : Elementwise(value) is { } elementwise ? elementwise
                : affine.Contains(value) ? (value, algebra.OwnLabels(value))
                : null;
            memo.Add(value, found);
        }

        return found;
    }

    private (int Base, EquatableArray<int> Labels)? Elementwise(int value) => algebra[value] switch
    {
        Elementwise f => BaseOf(f.Operand),
        Programs.Compare compare => BaseOf(compare.Operand),
        Logical logical => Common(logical.Conditions.Select(algebra.Own)),
        Select select => Common(new[] { select.Condition, select.Then, select.Otherwise }),
        Extremum extremum => Common(new[] { extremum.Left, extremum.Right }),
        VariablePower power => Common(new[] { power.Base, power.Exponent }),
        Sum sum => Common(sum.Terms.Select(term => new Factor(term.Value, term.Labels))),
        Contraction contraction when Common(contraction.Factors) is { } common && common.Labels.All(label => label < contraction.Rank)
            && contraction.Summed.Count == 0 => common,
        _ => null,
    };
}
