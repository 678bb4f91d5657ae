using System.Collections;
using System.Collections.Generic;

namespace ArgminLayers.Generator.Programs;

/// <summary>The extents of the indices of a product. There are few of them, so that a look at each is quicker than a hash table, and takes less memory.</summary>
internal sealed class IndexExtents : IReadOnlyDictionary<int, Extent>
{
    private readonly List<int> labels;
    private readonly List<Extent> extents;

    public IndexExtents() => (labels, extents) = (new List<int>(), new List<Extent>());

    /// <summary>The indices 0, 1, … of a value's axes.</summary>
    public IndexExtents(EquatableArray<Extent> axes) => (labels, extents) = (new List<int>(Indices.Below(axes.Count)), new List<Extent>(axes.ToArray()));

    public IndexExtents(IReadOnlyDictionary<int, Extent> others)
        : this()
    {
        if (others is IndexExtents same)
        {
            labels.AddRange(same.labels);
            extents.AddRange(same.extents);
            return;
        }

        foreach (var pair in others)
        {
            labels.Add(pair.Key);
            extents.Add(pair.Value);
        }
    }

    public int Count => labels.Count;

    /// <summary>A number above every index.</summary>
    public int Next
    {
        get
        {
            var next = 0;
            foreach (var label in labels)
            {
                next = System.Math.Max(next, label + 1);
            }

            return next;
        }
    }

    public IEnumerable<int> Keys => labels;

    public IEnumerable<Extent> Values => extents;

    public Extent this[int label]
    {
        get => TryGetValue(label, out var extent) ? extent : throw new KeyNotFoundException($"No index {label}.");
        set
        {
            var place = labels.IndexOf(label);
            if (place >= 0)
            {
                extents[place] = value;
                return;
            }

            labels.Add(label);
            extents.Add(value);
        }
    }

    public bool ContainsKey(int key) => labels.Contains(key);

    public bool TryGetValue(int key, out Extent value)
    {
        var place = labels.IndexOf(key);
        value = place < 0 ? default : extents[place];
        return place >= 0;
    }

    public IEnumerator<KeyValuePair<int, Extent>> GetEnumerator()
    {
        for (var k = 0; k < labels.Count; k++)
        {
            yield return new KeyValuePair<int, Extent>(labels[k], extents[k]);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
