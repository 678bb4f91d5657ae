using System.Numerics;
using System.Runtime.InteropServices;

namespace RankPool.Descriptors;

/// <summary>A matrix as a .npy file holds it.</summary>
/// <typeparam name="T">What its elements are converted to.</typeparam>
/// <param name="Rows">Its rows.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="IsFortran">Whether <paramref name="Values"/> has columns one after the other, and not rows.</param>
/// <param name="Values">The elements.</param>
public sealed record NpyMatrix<T>(long Rows, long Columns, bool IsFortran, T[] Values)
    where T : unmanaged, INumber<T>
{
    /// <summary>Reads a matrix of real or whole numbers in any byte order.</summary>
    /// <param name="stream">At the beginning of the file.</param>
    /// <param name="length">The bytes of the file.</param>
    /// <exception cref="FormatException">It is no .npy file, it holds no matrix of real numbers, or it is shorter than its header says.</exception>
    /// <exception cref="EndOfStreamException">The file ends in the header.</exception>
    public static NpyMatrix<T> Read(Stream stream, long length)
    {
        var header = NpyHeader.Read(stream);
        var size = SizeOf(header.Type);
        if (header.Shape.Count != 2)
            throw new FormatException(FormattableString.Invariant($"it has {header.Shape.Count} dimensions, and a sequence has two, frames and features"));
        var (rows, columns) = (header.Shape[0], header.Shape[1]);
        // Before anything is allocated: a damaged header may say any number.
        var (expected, left) = ((Int128)rows * columns * size, length - header.Length);
        if (expected > left)
            throw new FormatException(FormattableString.Invariant($"it ends early: its header says {expected} bytes of data, and {left} follow"));
        var data = new byte[(long)expected];
        stream.ReadExactly(data);
        return new(rows, columns, header.IsFortran, Convert(header.Type, data));
    }

    private static int SizeOf(string type) => type.Length == 3 && "<>|=".Contains(type[0]) && (type[1..] is
        "f2" or "f4" or "f8" or "i1" or "i2" or "i4" or "i8" or "u1" or "u2" or "u4" or "u8")
            ? type[2] - '0'
            : throw new FormatException($"its elements are of NumPy's type '{type}', and features are real numbers");

    private static T[] Convert(string type, byte[] data)
    {
        if (type[0] == '>' == BitConverter.IsLittleEndian)
            Reverse(data, type[2] - '0');
        return type[1..] switch
        {
            "f2" => Convert<Half>(data),
            "f4" => Convert<float>(data),
            "f8" => Convert<double>(data),
            "i1" => Convert<sbyte>(data),
            "i2" => Convert<short>(data),
            "i4" => Convert<int>(data),
            "i8" => Convert<long>(data),
            "u1" => Convert<byte>(data),
            "u2" => Convert<ushort>(data),
            "u4" => Convert<uint>(data),
            _ => Convert<ulong>(data),
        };
    }

    private static T[] Convert<TElement>(byte[] data)
        where TElement : unmanaged, INumber<TElement>
    {
        var elements = MemoryMarshal.Cast<byte, TElement>(data);
        var values = new T[elements.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = T.CreateSaturating(elements[i]);
        return values;
    }

    private static void Reverse(Span<byte> data, int size)
    {
        for (var i = 0; i < data.Length; i += size)
            data.Slice(i, size).Reverse();
    }
}
