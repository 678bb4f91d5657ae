using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Calculus;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>A summand <c>Jᵀ diag(w) J</c> of a Hessian: J has the axes of w and then those of y.</summary>
internal readonly record struct HessianTerm(int Jacobian, int Weights);

/// <summary>
/// The Hessian as <c>H = diag(d) + Σₙ Jₙᵀ diag(wₙ) Jₙ</c> over the nonlinear instructions n of an objective, Jₙ constant or a function of y: from the objective as it
/// is written, where every instruction's cotangent v̄ and second derivative give <c>wₙ</c>.
/// </summary>
/// <remarks>
/// v = g(x): <c>w = v̄ g″(x)</c>. v = Σ c aᵖ: <c>w = p(p−1) c aᵖ⁻² v̄</c>. v = Σ c a b: <c>JₐᵀwJ_b + J_bᵀwJₐ = ½(J₊ᵀwJ₊ − J₋ᵀwJ₋)</c>, <c>J± = Jₐ ± J_b</c>.
/// v = log Σ exp x: <c>w = v̄ softmax(x)</c>, and −v̄ for J = ∂v.
/// </remarks>
internal sealed class HessianTerms
{
    /// <summary>More instructions than that make more rows than a Hessian of low rank has.</summary>
    private const int Limit = 8;

    private readonly Algebra a;
    private readonly int variable;
    private bool[] depends = new bool[0];
    private readonly Dictionary<int, List<int>> weights = new();

    private HessianTerms(Algebra a, int variable)
    {
        this.a = a;
        this.variable = variable;
    }

    /// <summary>d and the terms off the diagonal of the Hessian in a vector y; null where an instruction has no such term. d is null where it is zero.</summary>
    public static (int? Diagonal, IReadOnlyList<HessianTerm> Terms)? Of(Algebra a, Separation.Result separated, int variable)
    {
        var terms = new HessianTerms(a, variable);
        foreach (var group in separated.Groups)
        {
            terms.Add(terms.Jacobian(group.Base), PredictorReader.Curvature(a, a.Sum(default, group.Summands), group.Base));
        }

        return separated.Rest.Count == 0 || terms.AddAll(a.Sum(default, separated.Rest)) ? terms.Gather() : null;
    }

    private bool AddAll(int root)
    {
        var needed = Dependence.Of(a.Nodes, new[] { root });
        depends = Dependence.On(a.Nodes, variable);
        var nodes = Enumerable.Range(0, root + 1).Where(i => needed[i] && depends[i] && !IsLinear(a[i])).ToList();
        return nodes.Count <= Limit && nodes.All(node => AddInstruction(root, node));
    }

    /// <summary>Whether the instruction has no second derivative of its own: the pieces of abs and relu are straight, and conditions have none.</summary>
    private bool IsLinear(Node node) => node switch
    {
        { Domain: Domain.Mask } or Input or Sum or LinearMap or Select => true,
        Elementwise f => f.Function is Function.Abs or Function.Relu or Function.Sign,
        Contraction contraction => contraction.Factors.Count(factor => depends[factor.Value]) < 2,
        Reduce reduce => reduce.Reduction == Reduction.Maximum,
        _ => false,
    };

    private bool AddInstruction(int root, int node)
    {
        var bar = node == root ? a.Constant(1) : ReverseMode.Differentiate(a, new[] { (root, a.Constant(1)) }, new[] { node })[0];
        switch (a[node])
        {
            case Elementwise f:
                Add(Jacobian(f.Operand), a.Times(bar, PredictorReader.Curvature(a, node, f.Operand)));
                return true;
            case Contraction contraction:
                return AddProduct(contraction, bar);
            case Reduce { Reduction: Reduction.LogSumExp, Rank: 0 } reduce:
                Add(Jacobian(reduce.Operand), a.Contract(1, new[] { a.Own(a.Softmax(false, reduce.Operand, 0)), a.Own(bar) }, new[] { 0 }));
                Add(Jacobian(node), a.Scale(-1, bar));
                return true;
            default:
                return false;
        }
    }

    private bool AddProduct(Contraction contraction, int bar)
    {
        var dependent = contraction.Factors.Where(factor => depends[factor.Value]).ToList();
        var rest = contraction.Factors.Where(factor => !depends[factor.Value]).Append(new Factor(bar, Enumerable.Range(0, contraction.Rank).ToEquatable())).ToList();
        var (first, last) = (dependent[0], dependent[dependent.Count - 1]);
        if (dependent.Any(factor => factor.Labels.Distinct().Count() < factor.Labels.Count))
        {
            return false;
        }

        if (first == last)
        {
            var (p, labels) = (dependent.Count, first.Labels);
            var powers = Enumerable.Repeat(first, p - 2);
            Add(Jacobian(first.Value), a.Contract(p * (p - 1) * contraction.Coefficient, rest.Concat(powers), labels, Extents(contraction, labels)));
            return true;
        }

        return dependent.Count == 2 && Cross(contraction, first, last, rest);
    }

    /// <summary>a and b of the same indices, or one of them, or both, a number.</summary>
    private bool Cross(Contraction contraction, Factor first, Factor second, List<Factor> rest)
    {
        if (first.Labels.Count > 0 && second.Labels.Count > 0)
        {
            if (first.Labels.Count != second.Labels.Count || first.Labels.Any(label => !second.Labels.Contains(label)))
            {
                return false;
            }

            var weight = a.Contract(0.5 * contraction.Coefficient, rest, first.Labels, Extents(contraction, first.Labels));
            AddCross(Jacobian(first.Value), Permuted(Jacobian(second.Value), second.Labels, first.Labels), weight);
            return true;
        }

        // Σ w a b with a number a is a · (Σ w b), the row of which is Σ w J_b.
        var (number, other) = first.Labels.Count == 0 ? (first, second) : (second, first);
        var free = contraction.Factors.SelectMany(factor => factor.Labels).DefaultIfEmpty(0).Max() + contraction.Rank + 1;
        var row = a.Contract(
            contraction.Coefficient, rest.Append(new Factor(Jacobian(other.Value), other.Labels.Append(free).ToEquatable())), new[] { free });
        AddCross(Jacobian(number.Value), row, a.Constant(0.5));
        return true;
    }

    private void AddCross(int left, int right, int weight)
    {
        var axes = a[left].Axes;
        Add(a.Sum(axes, new[] { new Term(1, left, a.OwnLabels(left)), new Term(1, right, a.OwnLabels(right)) }), weight);
        Add(a.Sum(axes, new[] { new Term(1, left, a.OwnLabels(left)), new Term(-1, right, a.OwnLabels(right)) }), a.Scale(-1, weight));
    }

    /// <summary>J_b with its axes in the order of a's indices, y's last.</summary>
    private int Permuted(int jacobian, EquatableArray<int> labels, EquatableArray<int> order)
    {
        var rank = labels.Count;
        return a.Contract(
            1,
            new[] { new Factor(jacobian, labels.Select(label => order.IndexOf(label)).Append(rank).ToEquatable()) },
            Enumerable.Range(0, rank + 1).ToList());
    }

    private static Dictionary<int, Extent> Extents(Contraction contraction, EquatableArray<int> labels) =>
        labels.ToDictionary(label => label, contraction.ExtentOf);

    private int Jacobian(int value) => ForwardMode.Jacobian(a, value, variable);

    private void Add(int jacobian, int weight)
    {
        if (a.IsZero(weight) || a.IsZero(jacobian))
        {
            return;
        }

        if (!weights.TryGetValue(jacobian, out var list))
        {
            weights.Add(jacobian, list = new List<int>());
        }

        list.Add(weight);
    }

    private (int? Diagonal, IReadOnlyList<HessianTerm> Terms) Gather()
    {
        var diagonals = new List<int>();
        var terms = new List<HessianTerm>();
        foreach (var pair in weights)
        {
            var axes = a[pair.Key].Axes.Take(a[pair.Key].Rank - 1).ToEquatable();
            var weight = a.Sum(axes, pair.Value.Select(value => new Term(1, value, a.OwnLabels(value))));
            if (a.IsZero(weight))
            {
                continue;
            }

            if (OnDiagonal(pair.Key, weight) is { } diagonal)
            {
                diagonals.Add(diagonal);
            }
            else
            {
                terms.Add(new HessianTerm(pair.Key, weight));
            }
        }

        var total = a.Add(a[variable].Axes, diagonals);
        return (diagonals.Count == 0 || a.IsZero(total) ? null : total, terms);
    }

    /// <summary>The diagonal of Jᵀ diag(w) J where J has one y to each of its rows, so that there is nothing beside it.</summary>
    private int? OnDiagonal(int jacobian, int weight)
    {
        var rank = a[weight].Rank;
        var rows = Enumerable.Range(0, rank).ToList();

        // A part of y: its weights in their places, as of a ridge that leaves the bias out.
        if (weights.Count > 1 && a[jacobian] is Slice { Axis: 0 } slice && a[slice.Operand] is Delta)
        {
            return a.Pad(weight, 0, slice.Start, a[variable].Axes[0]);
        }

        if (rank == 0 || !HasOneEntryARow(jacobian))
        {
            return null;
        }

        var own = new Factor(jacobian, rows.Append(rank).ToEquatable());
        return a.Contract(1, new[] { own, own, new Factor(weight, rows.ToEquatable()) }, new[] { rank });
    }

    /// <summary>Whether every summand of J has the same δ between the index of y and one of a row.</summary>
    private bool HasOneEntryARow(int jacobian)
    {
        var last = a[jacobian].Rank - 1;
        int? Partner(int value, EquatableArray<int> labels) => a[value] switch
        {
            Delta when labels.Contains(last) => labels.First(label => label != last),
            Contraction c when c.Factors.Where(factor => factor.Labels.Any(label => label < c.Rank && labels[label] == last)).ToList() is { Count: 1 } touching
                && touching[0].Labels.All(label => label < c.Rank) =>
                Partner(touching[0].Value, touching[0].Labels.Select(label => labels[label]).ToEquatable()),
            _ => null,
        };
        var partners = a[jacobian] is Sum sum
            ? sum.Terms.Select(term => term.Labels.Contains(last) ? Partner(term.Value, term.Labels) : null).ToList()
            : new List<int?> { Partner(jacobian, a.OwnLabels(jacobian)) };
        return partners[0] is not null && partners.Distinct().Count() == 1;
    }
}
