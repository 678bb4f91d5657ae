using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RankPool.Descriptors;

/// <summary>What a .npy file says about its array (numpy.lib.format, versions 1.0 to 3.0).</summary>
/// <param name="Type">The elements, for example <c>&lt;f4</c>: byte order, kind, and bytes.</param>
/// <param name="IsFortran">Whether columns are stored one after the other, and not rows.</param>
/// <param name="Shape">The extents.</param>
/// <param name="Length">Bytes before the first element.</param>
public sealed partial record NpyHeader(string Type, bool IsFortran, IReadOnlyList<long> Shape, long Length)
{
    // NumPy's own bound: what is longer is no header that NumPy wrote for a plain array.
    private const int LongestText = 10_000;

    /// <summary>Bytes that <see cref="Write"/> writes for any numbers of rows and columns, a multiple of 64.</summary>
    private const int WrittenLength = 128;

    /// <summary>Reads up to the first element.</summary>
    /// <exception cref="FormatException">It is no .npy file, or its array is no plain array of numbers.</exception>
    /// <exception cref="EndOfStreamException">The file ends in the header.</exception>
    public static NpyHeader Read(Stream stream)
    {
        Span<byte> start = stackalloc byte[8];
        stream.ReadExactly(start);
        if (start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8))
            throw new FormatException("it does not begin as a .npy file does");
        if (start[6] is < 1 or > 3)
            throw new FormatException(FormattableString.Invariant($"it has version {start[6]}.{start[7]} of the .npy format, and 1.0 to 3.0 are known"));
        Span<byte> length = stackalloc byte[start[6] == 1 ? 2 : 4];
        stream.ReadExactly(length);
        var count = length.Length == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(length) : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (count > LongestText)
            throw new FormatException(FormattableString.Invariant($"its header has {count} bytes, and {LongestText} are enough"));
        var text = new byte[count];
        stream.ReadExactly(text);
        return Parse((start[6] == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text), start.Length + length.Length + count);
    }

    /// <summary>Writes the header of a matrix in row-major order, version 1.0. Its length does not depend on the numbers.</summary>
    public static void Write(Stream stream, string type, long rows, long columns)
    {
        var text = FormattableString.Invariant($"{{'descr': '{type}', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
        const int length = WrittenLength - 10;
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, length, 0, .. Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n")]);
    }

    private static NpyHeader Parse(string text, long length)
    {
        var type = TypeEntry().Match(text);
        var order = OrderEntry().Match(text);
        var shape = ShapeEntry().Match(text);
        if (!order.Success || !shape.Success)
            throw new FormatException("its header cannot be understood");
        if (!type.Success)
            throw new FormatException("it holds records, and features are real numbers");
        var extents = shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(type.Groups[1].Value, order.Groups[1].Value == "True", [.. extents.Select(extent => long.Parse(extent, CultureInfo.InvariantCulture))], length);
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex TypeEntry();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex OrderEntry();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9,\s]*)\)")]
    private static partial Regex ShapeEntry();
}
