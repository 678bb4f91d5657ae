using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>
/// What one element of a kink adds to a value: those of the value's summands that have it, for the elements of a sum the one that belongs to it. Only the like are added up: a sum over further indices
/// counts its summands more than once.
/// </summary>
/// <param name="Source">The instruction with the kink.</param>
/// <param name="Labels">The indices of its element.</param>
/// <param name="Products">The summands.</param>
/// <param name="Companions">Summands of the same indices with other kinks, which may be at the same places.</param>
/// <param name="Holders">Which values are computed from the instruction.</param>
internal sealed record KinkSummands(
    int Source, EquatableArray<int> Labels, IReadOnlyList<KinkSummands.Product> Products, IReadOnlyList<KinkSummands.Product> Companions, bool[] Holders)
{
    /// <summary>Longer sums are not taken apart.</summary>
    private const int Most = 40;

    /// <summary>A summand: a number times values with indices, summed over some, which a factor may lack.</summary>
    internal sealed record Product(double Coefficient, IReadOnlyList<Factor> Factors, EquatableArray<int> Summed)
    {
        /// <summary>The same with other names of indices.</summary>
        public Product Renamed(IReadOnlyDictionary<int, int> names) => this with
        {
            Factors = Factors.Select(factor => factor with { Labels = factor.Labels.Map(label => names.TryGetValue(label, out var name) ? name : label) }).ToList(),
        };
    }

    /// <summary>The summands of a value that must agree each by themselves; null where they are not found.</summary>
    public static IReadOnlyList<KinkSummands>? Of(IReadOnlyList<Node> nodes, int value, int source)
    {
        var holders = Dependence.On(nodes, source);
        var extents = new Dictionary<int, Extent>();
        if (!holders[value] || Opened(nodes, value, extents) is not { } products)
        {
            return null;
        }

        var (rank, groups) = (nodes[value].Rank, new Dictionary<EquatableArray<int>, KinkSummands>());
        foreach (var product in products.Where(product => product.Factors.Any(factor => holders[factor.Value])))
        {
            var places = new HashSet<EquatableArray<int>>();
            if (!product.Factors.Where(factor => holders[factor.Value]).All(factor => FindPlaces(nodes, factor, source, holders, places)) || places.Count != 1)
            {
                return null;
            }

            // The indices of a sum get the names of the source's axes.
            var place = places.First();
            var renamed = new Dictionary<int, int>();
            for (var axis = 0; axis < place.Count; axis++)
            {
                if (renamed.ContainsKey(place[axis]))
                {
                    return null;
                }

                renamed.Add(place[axis], place[axis] < rank ? place[axis] : -1 - axis);
            }

            var labels = place.Map(label => renamed[label]);
            var key = labels.Concat(product.Summed.Where(label => !renamed.ContainsKey(label))).ToEquatable();
            groups[key] = groups.TryGetValue(key, out var known)
                ? known with { Products = known.Products.Append(product.Renamed(renamed)).ToList() }
                : new KinkSummands(source, labels, new[] { product.Renamed(renamed) }, new Product[0], holders);
        }

        // Each summand is there once, so it keeps one group company.
        if (groups.FirstOrDefault(group => group.Key.Count == nodes[source].Rank) is { Value: { } first } found)
        {
            var summed = first.Labels.Where(label => label < 0).ToList();
            var axes = summed.Select(label => nodes[source].Axes[-1 - label]).ToList();
            groups[found.Key] = first with
            {
                Companions = products.Where(product => !product.Factors.Any(factor => holders[factor.Value]) && product.Summed.Select(label => extents[label]).SequenceEqual(axes))
                    .Select(product => product.Renamed(product.Summed.Zip(summed, (label, name) => (label, name)).ToDictionary(pair => pair.label, pair => pair.name))).ToList(),
            };
        }

        return groups.Values.ToList();
    }

    /// <summary>A value as a sum of products in which the sums over indices that have a kink in them are taken apart, each with indices of its own; products without a kink are left out.</summary>
    private static List<Product>? Opened(IReadOnlyList<Node> nodes, int value, Dictionary<int, Extent> extents)
    {
        var isKinked = new bool[value + 1];
        for (var i = 0; i <= value; i++)
        {
            isKinked[i] = SignChange.Of(nodes, i) is not null || nodes[i].Operands.Any(operand => isKinked[operand]);
        }

        var isOpened = new Dictionary<int, bool>();
        var next = nodes[value].Rank;
        var (done, pending) = (new List<Product>(), new Stack<Product>());
        pending.Push(new Product(1, new[] { new Factor(value, Enumerable.Range(0, next).ToEquatable()) }, default));
        while (pending.Count > 0)
        {
            var product = pending.Pop();
            if (done.Count + pending.Count > Most || product.Factors.Count > Most)
            {
                return null;
            }

            var others = product.Factors.ToList();
            var at = others.FindIndex(factor => MustOpen(factor.Value));
            if (at < 0)
            {
                done.AddRange(others.Any(factor => isKinked[factor.Value]) ? new[] { product } : new Product[0]);
                continue;
            }

            var inner = others[at];
            others.RemoveAt(at);
            if (nodes[inner.Value] is Contraction contraction)
            {
                var fresh = Enumerable.Range(next, contraction.Summed.Count).ToArray();
                next += fresh.Length;
                foreach (var label in fresh)
                {
                    extents.Add(label, contraction.Summed[label - fresh[0]]);
                }

                Factor Inside(Factor factor) => factor with { Labels = factor.Labels.Map(label => label < contraction.Rank ? inner.Labels[label] : fresh[label - contraction.Rank]) };
                pending.Push(new Product(
                    product.Coefficient * contraction.Coefficient, others.Concat(contraction.Factors.Select(Inside)).ToList(), product.Summed.Concat(fresh).ToEquatable()));
                continue;
            }

            foreach (var term in ((Sum)nodes[inner.Value]).Terms)
            {
                pending.Push(product with
                {
                    Coefficient = product.Coefficient * term.Coefficient,
                    Factors = others.Append(new Factor(term.Value, term.Labels.Map(label => inner.Labels[label]))).ToList(),
                });
            }
        }

        return done;

        bool MustOpen(int part)
        {
            if (!isOpened.TryGetValue(part, out var must))
            {
                must = isKinked[part] && (nodes[part] is Contraction { Summed.Count: > 0 } || (nodes[part] is Sum or Contraction && nodes[part].Operands.Any(MustOpen)));
                isOpened.Add(part, must);
            }

            return must;
        }
    }

    /// <summary>The indices with which the source stands in a factor; false where something stands between that changes indices.</summary>
    private static bool FindPlaces(IReadOnlyList<Node> nodes, Factor factor, int source, bool[] holders, HashSet<EquatableArray<int>> places)
    {
        var (pending, seen) = (new Stack<Factor>(), new HashSet<Factor>());
        pending.Push(factor);
        while (pending.Count > 0)
        {
            var next = pending.Pop();
            if (!holders[next.Value] || !seen.Add(next))
            {
                continue;
            }

            if (next.Value == source)
            {
                places.Add(next.Labels);
                continue;
            }

            var parts = nodes[next.Value] switch
            {
                Sum sum => sum.Terms.Select(term => new Factor(term.Value, term.Labels)),
                Contraction { Summed.Count: 0 } product => product.Factors,
                Elementwise f => new[] { new Factor(f.Operand, Enumerable.Range(0, f.Rank).ToEquatable()) },
                Extremum extremum => new[] { extremum.Left, extremum.Right },
                Select { Then: var then, Otherwise: var otherwise, Condition: var condition } when nodes[condition.Value] is Compare compare =>
                    new[] { then, otherwise, condition with { Value = compare.Operand } },
                Select { Then: var then, Otherwise: var otherwise, Condition: var condition } when !holders[condition.Value] => new[] { then, otherwise },
                _ => Enumerable.Empty<Factor>(),
            };
            var count = pending.Count;
            foreach (var part in parts)
            {
                pending.Push(part with { Labels = part.Labels.Map(label => next.Labels[label]) });
            }

            if (pending.Count == count)
            {
                return false;
            }
        }

        return true;
    }
}
