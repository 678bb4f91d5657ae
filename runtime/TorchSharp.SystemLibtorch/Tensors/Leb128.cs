namespace TorchSharp.Utils;

/// <summary>Unsigned numbers in seven-bit groups, the lowest first, as in TorchSharp's files.</summary>
internal static class Leb128
{
    private const int GroupBits = 7, GroupMask = 0x7f, More = 0x80;

    internal static void WriteLeb128(this BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        for (; value > GroupMask; value >>= GroupBits)
            writer.Write((byte)(value & GroupMask | More));
        writer.Write((byte)value);
    }

    internal static long ReadLeb128(this BinaryReader reader)
    {
        long value = 0;
        for (int shift = 0; shift < 63; shift += GroupBits)
        {
            byte group = reader.ReadByte();
            value |= (long)(group & GroupMask) << shift;
            if ((group & More) == 0)
                return value;
        }
        throw new InvalidDataException("The file holds a number that does not end: it was not written by TorchSharp.");
    }
}
