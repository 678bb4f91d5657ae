using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace RankPool.Training;

/// <summary>
/// Writes numbers over steps as a file of events that TensorBoard reads: records of length, checksum, message and checksum (TFRecord), each message an <c>Event</c> in protocol buffers'
/// wire format. Numbers are little-endian, checksums are masked CRC-32C.
/// </summary>
public sealed class EventFile : IDisposable
{
    private const uint MaskDelta = 0xa282ead8;

    // Field numbers of tensorflow.Event, Summary and Summary.Value, with the wire type in the lower three bits.
    private const byte WallTime = (1 << 3) | 1, Step = (2 << 3) | 0, FileVersion = (3 << 3) | 2, Summary = (5 << 3) | 2;
    private const byte SummaryValue = (1 << 3) | 2, Tag = (1 << 3) | 2, SimpleValue = (2 << 3) | 5;

    private readonly FileStream stream;
    private readonly string file;

    /// <summary>Begins a new file in a folder. TensorBoard reads all files of a folder together.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="now">The time.</param>
    /// <param name="goesOn">Whether earlier files in the folder are of the same training run; where not, they go.</param>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public EventFile(string folder, DateTimeOffset now, bool goesOn)
    {
        file = Path.Combine(folder, FormattableString.Invariant($"events.out.tfevents.{now.ToUnixTimeMilliseconds()}.rankpool"));
        stream = Writing(() =>
        {
            Directory.CreateDirectory(folder);
            foreach (var earlier in goesOn ? [] : Directory.GetFiles(folder, "events.out.tfevents.*.rankpool"))
                File.Delete(earlier);
            return new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read);
        });
        WriteRecord(now, message => WriteText(message, FileVersion, "brain.Event:2"));
    }

    /// <summary>Writes numbers of one step.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void Write(int step, IReadOnlyList<(string Tag, double Value)> values) => WriteRecord(DateTimeOffset.UtcNow, message =>
    {
        message.WriteByte(Step);
        WriteVarint(message, (ulong)step);
        using var summary = new MemoryStream();
        var bits = new byte[4];
        foreach (var (tag, number) in values)
        {
            using var value = new MemoryStream();
            WriteText(value, Tag, tag);
            value.WriteByte(SimpleValue);
            BinaryPrimitives.WriteSingleLittleEndian(bits, (float)number);
            value.Write(bits);
            WriteBytes(summary, SummaryValue, value.ToArray());
        }
        WriteBytes(message, Summary, summary.ToArray());
    });

    public void Dispose() => stream.Dispose();

    private void WriteRecord(DateTimeOffset time, Action<MemoryStream> content)
    {
        using var message = new MemoryStream();
        Span<byte> bits = stackalloc byte[8];
        message.WriteByte(WallTime);
        BinaryPrimitives.WriteDoubleLittleEndian(bits, (time - DateTimeOffset.UnixEpoch).TotalSeconds);
        message.Write(bits);
        content(message);
        var data = message.ToArray();

        var record = new byte[8 + 4 + data.Length + 4];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedChecksum(record.AsSpan(0, 8)));
        data.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), MaskedChecksum(data));
        Writing(() =>
        {
            stream.Write(record);
            stream.Flush();
            return 0;
        });
    }

    private static uint MaskedChecksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        crc = ~crc;
        return BitOperations.RotateRight(crc, 15) + MaskDelta;
    }

    private static void WriteText(MemoryStream target, byte field, string text) => WriteBytes(target, field, Encoding.UTF8.GetBytes(text));

    private static void WriteBytes(MemoryStream target, byte field, byte[] bytes)
    {
        target.WriteByte(field);
        WriteVarint(target, (ulong)bytes.Length);
        target.Write(bytes);
    }

    private static void WriteVarint(MemoryStream target, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            target.WriteByte((byte)(value | 0x80));
        target.WriteByte((byte)value);
    }

    private T Writing<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{file}' cannot be written: {exception.Message}", exception);
        }
    }
}
