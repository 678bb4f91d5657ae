using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>What the factories of all element types share.</summary>
public static partial class torch
{
    private static Tensor Create(Operator factory, long[] size, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        RefuseNames(names);
        return Leaf(factory.Call(size, dtype ?? get_default_dtype(), default, InitializeDevice(device)), requires_grad);
    }

    private static Tensor Create(Operator factory, long[] size, Generator? generator, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        RefuseNames(names);
        return Leaf(factory.Call(size, generator, dtype ?? get_default_dtype(), default, InitializeDevice(device)), requires_grad);
    }

    private static Tensor Fill(long[] size, Scalar value, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        RefuseNames(names);
        return Leaf(Aten.full.Call(size, value, dtype ?? get_default_dtype(), default, InitializeDevice(device)), requires_grad);
    }

    private static Tensor Integers(long low, long high, long[] size, ScalarType? dtype, Device? device, bool requires_grad, Generator? generator, string[]? names)
    {
        RefuseNames(names);
        return Leaf(Aten.randint_low_generator.Call(low, high, size, generator, dtype ?? ScalarType.Int64, default, InitializeDevice(device)), requires_grad);
    }

    private static unsafe Tensor Literal<T>(T value, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad) where T : unmanaged
    {
        var tensor = Aten.empty_memory_format.Call(Array.Empty<long>(), type, default, CPU);
        *(T*)tensor.DataPointer = value;
        return Leaf(Placed(tensor, dtype, InitializeDevice(device)), requires_grad);
    }

    /// <summary>A tensor with a copy of some numbers.</summary>
    private static unsafe Tensor Copy<T>(ReadOnlySpan<T> data, long[] size, ScalarType type, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) where T : unmanaged
    {
        RefuseNames(names);
        long count = 1;
        foreach (long length in size)
            count = checked(count * length);
        if (count > data.Length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {count} vs. {data.Length}");
        var tensor = Aten.empty_memory_format.Call(size, type, default, CPU);
        if (count > 0)
            data[..(int)count].CopyTo(new Span<T>((void*)tensor.DataPointer, (int)count));
        return Leaf(Placed(tensor, dtype, InitializeDevice(device)), requires_grad);
    }

    private static Tensor Placed(Tensor tensor, ScalarType? dtype, Device device)
    {
        if ((dtype ?? tensor.dtype) == tensor.dtype && device.type == DeviceType.CPU)
            return tensor;
        using (tensor)
            return tensor.to(dtype ?? tensor.dtype, device);
    }

    private static Tensor Leaf(Tensor tensor, bool requires_grad) => requires_grad ? tensor.requires_grad_() : tensor;

    private static ReadOnlySpan<T> Span<T>(IList<T> list) => list switch
    {
        T[] array => array,
        List<T> items => CollectionsMarshal.AsSpan(items),
        _ => list.ToArray(),
    };

    private static ReadOnlySpan<T> Span<T>(Array array) where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref System.Runtime.CompilerServices.Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static long[] Lengths(Array array) => [.. Enumerable.Range(0, array.Rank).Select(array.GetLongLength)];

    private static void RefuseNames(string[]? names)
    {
        if (names is { Length: > 0 })
            throw new NotSupportedException("Named dimensions are not supported by TorchSharp.SystemLibtorch: leave 'names' out.");
    }
}
