using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The sizes of a tensor.</summary>
    public readonly struct Size : IEnumerable<long>
    {
        public static Size Empty = new(Array.Empty<long>());

        private readonly long[]? _shape;

        public Size(long[] shape) => _shape = (long[])shape.Clone();

        public Size(IEnumerable<long> shape) => _shape = [.. shape];

        public Size(int[] shape) => _shape = Array.ConvertAll(shape, n => (long)n);

        public Size(long size) => _shape = [size];

        public Size(int size) => _shape = [size];

        public Size((long, long) size) => _shape = [size.Item1, size.Item2];

        public Size((int, int) size) => _shape = [size.Item1, size.Item2];

        public Size((long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3];

        public Size((int, int, int) size) => _shape = [size.Item1, size.Item2, size.Item3];

        public Size((long, long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4];

        public Size((int, int, int, int) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4];

        public Size((long, long, long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5];

        public Size((int, int, int, int, int) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5];

        public Size((long, long, long, long, long, long) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6];

        public Size((int, int, int, int, int, int) size) => _shape = [size.Item1, size.Item2, size.Item3, size.Item4, size.Item5, size.Item6];

        /// <summary>A copy of the sizes.</summary>
        public long[] Shape => [.. Items];

        public int Length => Items.Length;

        public bool IsScalar => Items.Length == 0;

        public bool IsEmpty => Items.Length == 0;

        private long[] Items => _shape ?? [];

        public long this[int idx] => Items[idx < 0 ? Items.Length + idx : idx];

        public long this[long idx] => this[(int)idx];

        public long numel() => Items.TotalSize();

        public Size Slice(int first, int next) => new(Items[first..next]);

        public IEnumerable<long> Take(int i) => Items.Take(i);

        public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)Items).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override bool Equals(object? obj) => obj is Size other && Items.AsSpan().SequenceEqual(other.Items);

        public override int GetHashCode() => ((IStructuralEquatable)Items).GetHashCode(EqualityComparer<long>.Default);

        public static bool operator ==(Size left, Size right) => left.Equals(right);

        public static bool operator !=(Size left, Size right) => !left.Equals(right);

        public static Size operator +(Size left, Size right) => new([.. left.Items, .. right.Items]);

        public static Size operator +(Size left, IEnumerable<long> right) => new([.. left.Items, .. right]);

        public static implicit operator Size(long size) => new(size);

        public static implicit operator Size(long[] size) => new(size);

        public static implicit operator Size((long, long) size) => new(size);

        public static implicit operator Size((long, long, long) size) => new(size);

        public static implicit operator Size((long, long, long, long) size) => new(size);

        public static implicit operator Size((long, long, long, long, long) size) => new(size);

        public static implicit operator Size((long, long, long, long, long, long) size) => new(size);
    }
}
