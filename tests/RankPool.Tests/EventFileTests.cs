using System.Buffers.Binary;
using System.Text;
using RankPool.Training;

namespace RankPool.Tests;

/// <summary>Reads the bytes again by the formats' definitions alone: RFC 3720's CRC-32C, TFRecord's frame, protocol buffers' wire format.</summary>
public class EventFileTests
{
    [Fact]
    public void The_checksum_of_these_tests_has_the_values_of_RFC_3720()
    {
        Checksum(new byte[32]).ShouldBe(0x8a9136aau);
        Checksum([.. Enumerable.Repeat((byte)255, 32)]).ShouldBe(0x62a8ab43u);
        Checksum("123456789"u8).ShouldBe(0xe3069283u);
    }

    [Fact]
    public void Numbers_come_back_with_their_steps_and_tags()
    {
        using var folder = new TemporaryFolder();
        using (var events = new EventFile(folder["run"], DateTimeOffset.FromUnixTimeSeconds(1000), goesOn: false))
        {
            events.Write(1, [("loss", 2.5), ("accuracy", 0.25)]);
            events.Write(300, [("loss", -1e-3)]);
        }

        var file = Directory.GetFiles(folder["run"]).ShouldHaveSingleItem();
        Path.GetFileName(file).ShouldContain("tfevents");
        var records = Records(File.ReadAllBytes(file)).Select(Fields).ToList();
        records.Count.ShouldBe(3);
        BitConverter.ToDouble(records[0].Single(field => field.Number == 1).Bytes).ShouldBe(1000);
        Encoding.UTF8.GetString(records[0].Single(field => field.Number == 3).Bytes).ShouldBe("brain.Event:2");
        records[1].Single(field => field.Number == 2).Value.ShouldBe(1ul);
        records[2].Single(field => field.Number == 2).Value.ShouldBe(300ul);
        Scalars(records[1]).ShouldBe([("loss", 2.5f), ("accuracy", 0.25f)]);
        Scalars(records[2]).ShouldBe([("loss", -1e-3f)]);
    }

    [Fact]
    public void A_run_that_goes_on_keeps_its_earlier_files_and_a_new_one_does_not()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["notes.txt"], "of somebody else");
        int Files() => Directory.GetFiles(folder.Path, "*tfevents*").Length;
        foreach (var (second, goesOn, expected) in ((int, bool, int)[])[(1, false, 1), (2, true, 2), (3, true, 3), (4, false, 1)])
        {
            using (new EventFile(folder.Path, DateTimeOffset.FromUnixTimeSeconds(second), goesOn))
            {
            }
            Files().ShouldBe(expected);
        }
        File.Exists(folder["notes.txt"]).ShouldBeTrue();
    }

    private static List<(string, float)> Scalars(List<Field> record) =>
        [.. Fields(record.Single(field => field.Number == 5).Bytes).Select(value =>
        {
            value.Number.ShouldBe(1);
            var parts = Fields(value.Bytes);
            return (Encoding.UTF8.GetString(parts.Single(part => part.Number == 1).Bytes), BitConverter.ToSingle(parts.Single(part => part.Number == 2).Bytes));
        })];

    private static IEnumerable<byte[]> Records(byte[] file)
    {
        var at = 0;
        while (at < file.Length)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            Unmask(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8))).ShouldBe(Checksum(file.AsSpan(at, 8)));
            Unmask(BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length))).ShouldBe(Checksum(file.AsSpan(at + 12, length)));
            yield return file[(at + 12)..(at + 12 + length)];
            at += 16 + length;
        }
        at.ShouldBe(file.Length);
    }

    private static uint Unmask(uint masked)
    {
        var rotated = masked - 0xa282ead8;
        return (rotated >> 17) | (rotated << 15);
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = 0xffffffffu;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82f63b78 : crc >> 1;
        }
        return ~crc;
    }

    private sealed record Field(int Number, ulong Value, byte[] Bytes);

    private static List<Field> Fields(byte[] message)
    {
        var fields = new List<Field>();
        var at = 0;
        ulong Varint()
        {
            ulong value = 0;
            for (var shift = 0; ; shift += 7)
            {
                value |= (ulong)(message[at] & 0x7f) << shift;
                if ((message[at++] & 0x80) == 0)
                    return value;
            }
        }
        byte[] Take(int count)
        {
            at += count;
            return message[(at - count)..at];
        }
        while (at < message.Length)
        {
            var key = Varint();
            fields.Add((key & 7) switch
            {
                0 => new Field((int)(key >> 3), Varint(), []),
                1 => new Field((int)(key >> 3), 0, Take(8)),
                2 => new Field((int)(key >> 3), 0, Take((int)Varint())),
                5 => new Field((int)(key >> 3), 0, Take(4)),
                var type => throw new InvalidDataException($"There is no wire type {type}."),
            });
        }
        return fields;
    }
}
