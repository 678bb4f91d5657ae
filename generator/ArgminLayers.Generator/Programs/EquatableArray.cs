using System;
using System.Collections;
using System.Collections.Generic;
using System.Text;

namespace ArgminLayers.Generator.Programs;

/// <summary>An immutable list that is equal to another when its elements are: what the incremental pipeline needs in its models.</summary>
internal readonly struct EquatableArray<T> : IEquatable<EquatableArray<T>>, IReadOnlyList<T>
    where T : IEquatable<T>
{
    private readonly T[]? items;

    public EquatableArray(params T[] items) => this.items = items;

    public static EquatableArray<T> Empty => default;

    public int Count => items?.Length ?? 0;

    public T this[int index] => items![index];

    public static EquatableArray<T> From(IEnumerable<T> source)
    {
        if (source is EquatableArray<T> same)
        {
            return same;
        }

        if (source is not IReadOnlyCollection<T> known)
        {
            return new(new List<T>(source).ToArray());
        }

        var (copy, k) = (new T[known.Count], 0);
        foreach (var item in source)
        {
            copy[k++] = item;
        }

        return new(copy);
    }

    /// <summary>The elements, to be read only.</summary>
    public T[] ToArray() => items ?? Array.Empty<T>();

    public EquatableArray<TResult> Map<TResult>(Func<T, TResult> function)
        where TResult : IEquatable<TResult>
    {
        if (items is null)
        {
            return default;
        }

        var results = new TResult[items.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = function(items[i]);
        }

        return new(results);
    }

    public int IndexOf(T item) => items is null ? -1 : Array.IndexOf(items, item);

    public bool Contains(T item) => IndexOf(item) >= 0;

    public bool Equals(EquatableArray<T> other)
    {
        if (ReferenceEquals(items, other.items))
        {
            return true;
        }

        if (Count != other.Count)
        {
            return false;
        }

        for (var i = 0; i < Count; i++)
        {
            if (!items![i].Equals(other.items![i]))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is EquatableArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = 17;
        for (var i = 0; i < Count; i++)
        {
            hash = unchecked((hash * 31) + items![i].GetHashCode());
        }

        return hash;
    }

    public override string ToString()
    {
        var text = new StringBuilder("[");
        for (var i = 0; i < Count; i++)
        {
            text.Append(i == 0 ? "" : ", ").Append(items![i]);
        }

        return text.Append(']').ToString();
    }

    public Enumerator GetEnumerator() => new(ToArray());

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ToArray().GetEnumerator();

    /// <summary>The elements in turn, without an object to hold the place.</summary>
    public struct Enumerator
    {
        private readonly T[] items;
        private int place;

        internal Enumerator(T[] items) => (this.items, place) = (items, -1);

        public readonly T Current => items[place];

        public bool MoveNext() => ++place < items.Length;
    }
}

/// <summary>Makers of <see cref="EquatableArray{T}"/> that infer the element type.</summary>
internal static class EquatableArray
{
    public static EquatableArray<T> Of<T>(params T[] items)
        where T : IEquatable<T> => new(items);

    public static EquatableArray<T> ToEquatable<T>(this IEnumerable<T> source)
        where T : IEquatable<T> => EquatableArray<T>.From(source);
}
