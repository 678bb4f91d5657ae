using System.Collections;

namespace TorchSharp.Utils;

/// <summary>The elements of a CPU tensor, in place; it keeps the tensor's wrapper alive. Single indices count in row-major order.</summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T> where T : unmanaged
{
    private readonly torch.Tensor _tensor;
    private readonly long[] _shape;
    private readonly long[] _strides;
    private readonly bool _contiguous;

    internal TensorAccessor(torch.Tensor tensor)
    {
        if (tensor.device_type != DeviceType.CPU)
            throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        _tensor = tensor;
        _shape = tensor.shape;
        _strides = tensor.stride();
        _contiguous = tensor.is_contiguous();
        Count = tensor.numel();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get
        {
            long offset = Offset(indices);
            T value = Data[offset];
            GC.KeepAlive(_tensor);
            return value;
        }
        set
        {
            long offset = Offset(indices);
            Data[offset] = value;
            GC.KeepAlive(_tensor);
        }
    }

    public T[] ToArray()
    {
        var array = new T[Count];
        CopyTo(array.AsSpan());
        return array;
    }

    /// <summary>An array with the tensor's dimensions; one element where it has none.</summary>
    public Array ToNDArray()
    {
        if (_shape.Length == 0)
            return ToArray();
        var array = Array.CreateInstance(typeof(T), _shape);
        if (array.Length == 0)
            return array;
        fixed (byte* first = &System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(array))
            CopyTo(new Span<T>(first, array.Length));
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    /// <summary>Copies elements from <paramref name="tensorIndex"/> on, as many as there are and as fit.</summary>
    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        long count = Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        T* data = Data;
        if (_contiguous && count > 0)
        {
            new ReadOnlySpan<T>(data + tensorIndex, (int)count).CopyTo(array[arrayIndex..]);
        }
        else
        {
            for (int i = 0; i < count; i++)
                array[arrayIndex + i] = data[RowMajor(tensorIndex + i)];
        }
        GC.KeepAlive(_tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    /// <summary>Writes elements from <paramref name="tensorIndex"/> on, as many as there are and as fit.</summary>
    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        long count = Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        T* data = Data;
        for (int i = 0; i < count; i++)
            data[RowMajor(tensorIndex + i)] = array[arrayIndex + i];
        GC.KeepAlive(_tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (long i = 0; i < Count; i++)
            yield return At(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && this == other;

    public override int GetHashCode() => base.GetHashCode();

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.Count == right.Count && left.SequenceEqual(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    /// <summary>Releases nothing: the tensor belongs to its owner.</summary>
    public void Dispose()
    {
    }

    internal T At(long index)
    {
        if (index < 0 || index >= Count)
            throw new IndexOutOfRangeException($"The index {index} is outside of a tensor of {Count} elements.");
        T value = Data[RowMajor(index)];
        GC.KeepAlive(_tensor);
        return value;
    }

    // Asked anew each time: the tensor may have been disposed, or been given other memory.
    private T* Data => (T*)_tensor.DataPointer;

    private long Offset(long[] indices)
    {
        if (indices.Length == 1)
        {
            if (indices[0] < 0 || indices[0] >= Count)
                throw new IndexOutOfRangeException($"The index {indices[0]} is outside of a tensor of {Count} elements.");
            return RowMajor(indices[0]);
        }
        if (indices.Length != _shape.Length)
            throw new IndexOutOfRangeException($"{indices.Length} indices for a tensor of {_shape.Length} dimensions.");
        long offset = 0;
        for (int i = 0; i < indices.Length; i++)
        {
            if (indices[i] < 0 || indices[i] >= _shape[i])
                throw new IndexOutOfRangeException($"{indices[i]} >= {_shape[i]} in dimension {i}.");
            offset += indices[i] * _strides[i];
        }
        return offset;
    }

    private long RowMajor(long index)
    {
        if (_contiguous)
            return index;
        long offset = 0;
        for (int i = _shape.Length - 1; i >= 0; i--)
        {
            index = Math.DivRem(index, _shape[i], out long here);
            offset += here * _strides[i];
        }
        return offset;
    }
}
