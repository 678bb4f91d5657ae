using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Calculus;

/// <summary>A contraction while it is being simplified. Each rule returns whether it changed something.</summary>
internal sealed partial class Product
{
    /// <summary>Longer products stay nested: inlined at every level of a deep expression they would grow with its square.</summary>
    private const int MostFactors = 12;

    private readonly Algebra algebra;
    private readonly IndexExtents extents;
    private readonly List<Factor> factors;
    private readonly IReadOnlyList<int> output;
    private double coefficient;
    private int nextLabel;

    public Product(Algebra algebra, double coefficient, List<Factor> factors, IReadOnlyList<int> output, IndexExtents extents)
    {
        this.algebra = algebra;
        this.coefficient = coefficient;
        this.factors = factors;
        this.output = output;
        this.extents = extents;
        nextLabel = extents.Next;
    }

    public int Simplify()
    {
        var shape = new Extent[output.Count];
        for (var k = 0; k < shape.Length; k++)
        {
            shape[k] = extents[output[k]];
        }

        // The indices summed are fixed here: a rule may remove the last factor that carries one.
        var (axes, summed) = (new EquatableArray<Extent>(shape), new HashSet<int>());
        foreach (var factor in factors)
        {
            foreach (var label in factor.Labels)
            {
                if (!output.Contains(label))
                {
                    summed.Add(label);
                }
            }
        }

        while (Inline(summed) || EliminateDelta(summed) || CancelSigns() || CancelRoots() || CancelReciprocals() || MoveIntoSelection())
        {
        }

        if (coefficient == 0 || HasZero())
        {
            return algebra.Zero(axes);
        }

        if (summed.Count > 0 && Reduced(summed, axes) is { } reduced)
        {
            return reduced;
        }

        if (axes.Count == 0 && factors.Count == 0)
        {
            return algebra.Constant(coefficient);
        }

        return coefficient == 1 && factors.Count == 1 && IsOutput(factors[0].Labels)
            ? factors[0].Value
            : algebra.Finish(coefficient, factors, output, extents);
    }

    private bool HasZero()
    {
        foreach (var factor in factors)
        {
            if (algebra.IsZero(factor.Value))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsOutput(EquatableArray<int> labels)
    {
        var k = 0;
        while (k < labels.Count && k < output.Count && labels[k] == output[k])
        {
            k++;
        }

        return k == labels.Count && k == output.Count;
    }

    /// <summary>The product with its sums over fewer factors, or none; null where they stay as they are.</summary>
    private int? Reduced(HashSet<int> summed, EquatableArray<Extent> axes)
    {
        if (factors.Count > 1 && factors.FindIndex(factor => factor.Labels.Any(summed.Contains) && IsSumOfDeltas(algebra[factor.Value])) is >= 0 and var deltas)
        {
            return Distributed(deltas, summed, axes);
        }

        // Σ over an index that nothing carries counts its values.
        if (summed.Where(label => !factors.Exists(factor => factor.Labels.Contains(label))).ToList() is { Count: > 0 } bare)
        {
            factors.AddRange(bare.Select(label => new Factor(algebra.ExtentValue(extents[label]), default)));
            return Again(axes);
        }

        return NarrowSums(summed) ? Again(axes) : null;
    }

    private int Again(EquatableArray<Extent> axes) => algebra.Contract(coefficient, factors, output, Shaped(axes));

    /// <summary>The extents of the result's indices.</summary>
    private IndexExtents Shaped(EquatableArray<Extent> axes)
    {
        var shaped = new IndexExtents();
        for (var k = 0; k < output.Count; k++)
        {
            shaped[output[k]] = axes[k];
        }

        return shaped;
    }

    /// <summary>A product inside a product is one product, and numbers join the coefficient; an inner sum stays a value of its own.</summary>
    private bool Inline(HashSet<int> summed)
    {
        for (var k = 0; k < factors.Count; k++)
        {
            var factor = factors[k];
            switch (algebra[factor.Value])
            {
                case Constant constant:
                    coefficient *= constant.Value;
                    factors.RemoveAt(k);
                    return true;

                case Contraction inner when (inner.Summed.Count == 0 && (factors.Count + inner.Factors.Count <= MostFactors || inner.Factors.Count <= 1)) || IsRelabelling(factor, summed):
                    factors.RemoveAt(k);
                    Join(inner, factor.Labels, summed);
                    return true;

                // Of what nothing else names, no more than the diagonal is built.
                case Contraction or Sum when factors.Count > 1 && !Indices.AreDistinct(factor.Labels) && algebra.NameOf(factor.Value).Length == 0:
                    factors[k] = DiagonalOf(factor);
                    return true;

                // A diagonal of a sum is a sum of diagonals.
                case Sum when factors.Count == 1 && !Indices.AreDistinct(factor.Labels) && summed.Count == 0 && IsOrdered(factor):
                    factors[0] = new Factor(algebra.Relabel(factor.Value, factor.Labels, output.Select(label => extents[label]).ToEquatable()), output.ToEquatable());
                    return true;
            }
        }

        return false;
    }

    /// <summary>The factors of an inner product whose axes carry the given indices; what it sums gets indices of its own.</summary>
    private void Join(Contraction inner, EquatableArray<int> outer, HashSet<int> summed)
    {
        var labels = new int[inner.Rank + inner.Summed.Count];
        for (var axis = 0; axis < inner.Rank; axis++)
        {
            labels[axis] = outer[axis];
        }

        for (var s = 0; s < inner.Summed.Count; s++)
        {
            labels[inner.Rank + s] = nextLabel;
            extents[nextLabel] = inner.Summed[s];
            summed.Add(nextLabel++);
        }

        coefficient *= inner.Coefficient;
        foreach (var part in inner.Factors)
        {
            var own = new int[part.Labels.Count];
            for (var k = 0; k < own.Length; k++)
            {
                own[k] = labels[part.Labels[k]];
            }

            factors.Add(new Factor(part.Value, new EquatableArray<int>(own)));
        }
    }

    /// <summary>A factor with an index twice as one that has it once.</summary>
    private Factor DiagonalOf(Factor factor)
    {
        var distinct = factor.Labels.Distinct().ToList();
        return new Factor(
            algebra.Relabel(factor.Value, factor.Labels.Map(label => distinct.IndexOf(label)), distinct.Select(label => extents[label]).ToEquatable()),
            distinct.ToEquatable());
    }

    private bool IsOrdered(Factor factor) => output.SequenceEqual(Enumerable.Range(0, output.Count)) && factor.Labels.All(output.Contains);

    /// <summary>Whether the product only renames, permutes and scales the factor, or takes its diagonal.</summary>
    private bool IsRelabelling(Factor factor, HashSet<int> summed) =>
        factors.Count == 1 && summed.Count == 0 && (factor.Labels.Count == output.Count ? Indices.AreDistinct(factor.Labels) : factor.Labels.Distinct().Count() == output.Count);

    /// <summary>Σⱼ δᵢⱼ xⱼ = xᵢ.</summary>
    private bool EliminateDelta(HashSet<int> summed)
    {
        for (var k = 0; k < factors.Count; k++)
        {
            if (algebra[factors[k].Value] is not Delta)
            {
                continue;
            }

            var (first, second) = (factors[k].Labels[0], factors[k].Labels[1]);
            if (first == second)
            {
                factors.RemoveAt(k);
                return true;
            }

            var (gone, kept) = summed.Contains(first) ? (first, second) : (second, first);
            if (summed.Contains(gone))
            {
                factors.RemoveAt(k);
                summed.Remove(gone);
                for (var other = 0; other < factors.Count; other++)
                {
                    factors[other] = factors[other] with
                    {
                        Labels = factors[other].Labels.Map(label => label == gone ? kept : label),
                    };
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>a · (x where c, else 0) = (a x where c, else 0) for factors without indices that c lacks.</summary>
    private bool MoveIntoSelection()
    {
        for (var k = 0; k < factors.Count; k++)
        {
            if (algebra[factors[k].Value] is Select select && algebra.IsZero(select.Otherwise.Value) && Indices.AreDistinct(factors[k].Labels) && MoveInto(k, select))
            {
                return true;
            }
        }

        return false;
    }

    private bool MoveInto(int k, Select select)
    {
        var factor = factors[k];
        var covered = new HashSet<int>(select.Condition.Labels.Select(label => factor.Labels[label]));
        var places = Enumerable.Range(0, factors.Count).Where(i => i != k && factors[i].Labels.All(covered.Contains)).ToList();
        if (places.Count == 0)
        {
            return false;
        }

        var then = new Factor(select.Then.Value, select.Then.Labels.Map(label => factor.Labels[label]));
        var inside = algebra.Contract(
            1,
            places.Select(i => factors[i]).Concat(new[] { then }),
            factor.Labels.ToList(),
            factor.Labels.Distinct().ToDictionary(label => label, label => extents[label]));
        var selected = algebra.Select(select.Axes, select.Condition, algebra.Own(inside), select.Otherwise);
        factors[k] = new Factor(selected, factor.Labels);

        // By place: a factor that stands twice stays once.
        foreach (var place in places.AsEnumerable().Reverse())
        {
            factors.RemoveAt(place);
        }

        return true;
    }

    private bool IsSumOfDeltas(Node node) => node is Sum sum && sum.Terms.All(term => algebra[term.Value] is Delta);

    /// <summary>Σ_j (δ_ik − δ_jk) x_ij = δ_ik Σ_j x_ij − x_ik: each δ leaves an index less.</summary>
    private int Distributed(int place, HashSet<int> summed, EquatableArray<Extent> axes)
    {
        var (labels, sum) = (factors[place].Labels, (Sum)algebra[factors[place].Value]);
        var others = factors.Where((_, k) => k != place).ToList();
        var broadcast = Shaped(axes);
        return algebra.Add(axes, sum.Terms.Select(term =>
        {
            var parts = others.Append(new Factor(term.Value, term.Labels.Map(label => labels[label]))).ToList();
            var bare = summed.Where(label => !parts.Any(part => part.Labels.Contains(label))).Select(label => new Factor(algebra.ExtentValue(extents[label]), default)).ToList();
            return algebra.Contract(coefficient * term.Coefficient, parts.Concat(bare), output, broadcast);
        }));
    }

    /// <summary>Σ_d w_t v_td u_d = w_t (Σ_d v_td u_d): a sum ranges over the factors that have its index, the cheapest sums first.</summary>
    private bool NarrowSums(HashSet<int> summed)
    {
        for (var narrowed = false; ; narrowed = true)
        {
            var tensors = factors.Where(factor => !algebra[factor.Value].IsHost).ToList();
            List<Factor>? best = null;
            var bestCost = (Count: int.MaxValue, Size: double.MaxValue);
            foreach (var label in summed.OrderBy(label => label))
            {
                var touching = tensors.Where(factor => factor.Labels.Contains(label)).ToList();
                if (touching.Count == tensors.Count)
                {
                    continue;
                }

                var cost = (touching.Count, touching.SelectMany(factor => factor.Labels).Distinct().Aggregate(1.0, (size, l) => size * Cost.Nominal(extents[l])));
                if (cost.CompareTo(bestCost) < 0)
                {
                    (best, bestCost) = (touching, cost);
                }
            }

            if (best is null)
            {
                return narrowed;
            }

            var remaining = new List<Factor>(factors);
            foreach (var factor in best)
            {
                remaining.Remove(factor);
            }

            var gone = new HashSet<int>(summed.Where(
                label => best.Any(factor => factor.Labels.Contains(label)) && !remaining.Any(factor => factor.Labels.Contains(label))));
            var kept = best.SelectMany(factor => factor.Labels).Distinct().Where(label => !gone.Contains(label)).OrderBy(label => label).ToList();
            var inner = algebra.Contract(1, best, kept);
            factors.Clear();
            factors.AddRange(remaining);
            factors.Add(new Factor(inner, kept.ToEquatable()));
            summed.ExceptWith(gone);
        }
    }
}
