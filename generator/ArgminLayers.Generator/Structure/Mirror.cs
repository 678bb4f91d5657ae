using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Structure;

/// <summary>A factor of a matrix: a value, or the inverse of one, with the indices of its axes.</summary>
internal sealed record MatrixFactor(int Value, bool IsInverse, EquatableArray<int> Labels);

/// <summary>The search for an exchange of the rows' indices for the columns' that leaves a product as it is.</summary>
internal sealed class Mirror
{
    private readonly SemidefiniteForms forms;
    private readonly IReadOnlyList<MatrixFactor> parts;
    private readonly double coefficient;
    private readonly Dictionary<int, int> pairs;
    private readonly List<EquatableArray<int>> sides = new();
    private readonly List<MatrixFactor> weights = new();

    public Mirror(SemidefiniteForms forms, IReadOnlyList<MatrixFactor> parts, double coefficient, Dictionary<int, int> pairs)
    {
        this.forms = forms;
        this.parts = parts;
        this.coefficient = coefficient;
        this.pairs = pairs;
    }

    /// <summary>Whether there is one that keeps the given indices on one side.</summary>
    public bool Holds(EquatableArray<int> rows)
    {
        sides.Add(rows);
        return Match(new bool[parts.Count], 0);
    }

    /// <summary>Whether there is one that exchanges two given factors.</summary>
    public bool Holds(MatrixFactor left, MatrixFactor right) => Exchange(left.Labels, right.Labels) is not null && Holds(left.Labels);

    private bool Match(bool[] used, int next)
    {
        while (next < used.Length && used[next])
        {
            next++;
        }

        if (next == used.Length)
        {
            return IsOriented()
                && weights.Aggregate(Interval.Point(coefficient), (range, part) => range * forms.RangeOf(part.Value)).IsNonNegative;
        }

        used[next] = true;
        var part = parts[next];
        for (var other = next + 1; other < used.Length; other++)
        {
            if (!used[other] && parts[other].Value == part.Value && parts[other].IsInverse == part.IsInverse
                && (AsPair(part, parts[other].Labels, used, other, next) || (forms.IsSymmetric(part) && AsPair(part, Turned(parts[other].Labels), used, other, next))))
            {
                return true;
            }
        }

        var found = AsKernel(part, used, next) || AsWeight(part, used, next);
        used[next] = found;
        return found;
    }

    private bool AsPair(MatrixFactor part, EquatableArray<int> twin, bool[] used, int other, int next)
    {
        if (Exchange(part.Labels, twin) is not { } added)
        {
            return false;
        }

        used[other] = true;
        sides.Add(part.Labels);
        if (Match(used, next + 1))
        {
            return true;
        }

        sides.RemoveAt(sides.Count - 1);
        used[other] = false;
        Forget(added);
        return false;
    }

    /// <summary>The indices of a symmetric matrix seen from the other side.</summary>
    private static EquatableArray<int> Turned(EquatableArray<int> labels) =>
        labels.Take(labels.Count - 2).Append(labels[labels.Count - 1]).Append(labels[labels.Count - 2]).ToEquatable();

    private bool AsKernel(MatrixFactor part, bool[] used, int next)
    {
        var isBatched = !part.IsInverse && forms.IsPromised(part.Value);
        var half = isBatched ? 1 : part.Labels.Count / 2;
        var lead = part.Labels.Count - (2 * half);
        if (half == 0 || lead < 0 || (lead > 0 && !isBatched) || !forms.IsKernel(part))
        {
            return false;
        }

        var front = part.Labels.Take(lead + half).ToEquatable();
        var back = part.Labels.Take(lead).Concat(part.Labels.Skip(lead + half)).ToEquatable();
        if (Exchange(front, back) is not { } added)
        {
            return false;
        }

        sides.Add(front);
        if (Match(used, next + 1))
        {
            return true;
        }

        sides.RemoveAt(sides.Count - 1);
        Forget(added);
        return false;
    }

    private bool AsWeight(MatrixFactor part, bool[] used, int next)
    {
        if (part.IsInverse || Exchange(part.Labels, part.Labels) is not { } added)
        {
            return false;
        }

        weights.Add(part);
        if (Match(used, next + 1))
        {
            return true;
        }

        weights.RemoveAt(weights.Count - 1);
        Forget(added);
        return false;
    }

    /// <summary>Lets indices change places, one for one; null where they cannot, else those that were new.</summary>
    private List<int>? Exchange(EquatableArray<int> left, EquatableArray<int> right)
    {
        var added = new List<int>();
        for (var k = 0; k < left.Count; k++)
        {
            if (!Pair(left[k], right[k], added) || !Pair(right[k], left[k], added))
            {
                Forget(added);
                return null;
            }
        }

        return added;
    }

    private bool Pair(int label, int other, List<int> added)
    {
        if (pairs.TryGetValue(label, out var known))
        {
            return known == other;
        }

        pairs.Add(label, other);
        added.Add(label);
        return true;
    }

    private void Forget(List<int> added)
    {
        foreach (var label in added)
        {
            pairs.Remove(label);
        }
    }

    /// <summary>Whether the indices can be told into two sides so that each factor has all of its own on one.</summary>
    private bool IsOriented()
    {
        var side = new Dictionary<int, bool>();
        var edges = sides.Select(labels => labels.Where(label => pairs[label] != label).ToList()).Where(labels => labels.Count > 0).ToList();
        foreach (var start in edges.SelectMany(labels => labels))
        {
            if (side.ContainsKey(start))
            {
                continue;
            }

            var pending = new Stack<(int Label, bool Side)>();
            pending.Push((start, true));
            while (pending.Count > 0)
            {
                var (label, own) = pending.Pop();
                if (side.TryGetValue(label, out var known))
                {
                    if (known != own)
                    {
                        return false;
                    }

                    continue;
                }

                side.Add(label, own);
                pending.Push((pairs[label], !own));
                foreach (var other in edges.Where(labels => labels.Contains(label) || labels.Any(l => pairs[l] == label)))
                {
                    var isOwn = other.Contains(label);
                    foreach (var l in other)
                    {
                        pending.Push((l, isOwn ? own : !own));
                    }
                }
            }
        }

        return true;
    }
}
