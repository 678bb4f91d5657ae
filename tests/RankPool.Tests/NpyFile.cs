using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RankPool.Tests;

/// <summary>NumPy's file format, written and read byte by byte from its description (numpy.lib.format), apart from the library under test.</summary>
internal static partial class NpyFile
{
    /// <summary>A file's bytes: magic string, version, header, data.</summary>
    public static byte[] Bytes(string type, string shape, byte[] data, bool fortran = false, byte version = 1)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': {shape}, }}";
        var prefix = version == 1 ? 10 : 12;
        header += new string(' ', 63 - (prefix + header.Length) % 64) + "\n";
        var length = new byte[prefix - 8];
        if (version == 1)
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)header.Length);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)header.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.UTF8.GetBytes(header), .. data];
    }

    /// <summary>A matrix of float64.</summary>
    public static byte[] Of(double[][] rows) => Bytes(
        "<f8", FormattableString.Invariant($"({rows.Length}, {rows[0].Length})"), [.. rows.SelectMany(row => row).SelectMany(BitConverter.GetBytes)]);

    /// <summary>The rows of a matrix of float32 or float64 in row-major order.</summary>
    public static double[][] Read(string file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[..8].ShouldBe([0x93, .. "NUMPY"u8, 1, 0]);
        var start = 10 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        (start % 64).ShouldBe(0);
        var match = Header().Match(Encoding.ASCII.GetString(bytes[10..start]));
        match.Success.ShouldBeTrue();
        var size = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        var width = int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture);
        var values = bytes[start..].Chunk(size).Select(value => size == 4 ? BitConverter.ToSingle(value) : BitConverter.ToDouble(value)).ToArray();
        values.Length.ShouldBe(int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) * width);
        return [.. values.Chunk(width)];
    }

    [GeneratedRegex(@"^\{'descr': '<f([48])', 'fortran_order': False, 'shape': \((\d+), (\d+)\), \} *\n$")]
    private static partial Regex Header();
}
