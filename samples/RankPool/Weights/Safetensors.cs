using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Weights;

/// <summary>
/// The safetensors format: the length of a JSON header as eight bytes, the header, the bytes of all tensors. The header gives every tensor's type, shape and place
/// (<see href="https://huggingface.co/docs/safetensors"/>).
/// </summary>
public static class Safetensors
{
    private const string NotesKey = "__metadata__";
    private const long LongestHeader = 100_000_000;
    private const int Alignment = 8;

    private static readonly IReadOnlyDictionary<string, ScalarType> Types = new Dictionary<string, ScalarType>
    {
        ["F64"] = ScalarType.Float64, ["F32"] = ScalarType.Float32, ["F16"] = ScalarType.Float16, ["I64"] = ScalarType.Int64,
        ["I32"] = ScalarType.Int32, ["I16"] = ScalarType.Int16, ["I8"] = ScalarType.Int8, ["U8"] = ScalarType.Byte, ["BOOL"] = ScalarType.Bool,
    };

    /// <summary>Reads all tensors. BF16 becomes float32.</summary>
    /// <exception cref="InvalidDataException">This is no such file.</exception>
    /// <exception cref="EndOfStreamException">The file ends too early.</exception>
    public static TensorFile Read(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > LongestHeader)
            throw new InvalidDataException($"it is no safetensors file, because its header would have {length} bytes.");
        var header = new byte[length];
        stream.ReadExactly(header);

        var tensors = new Dictionary<string, Tensor>();
        var notes = new Dictionary<string, string>();
        try
        {
            using var json = JsonDocument.Parse(header);
            foreach (var entry in json.RootElement.EnumerateObject())
            {
                if (entry.Name == NotesKey)
                {
                    foreach (var note in entry.Value.EnumerateObject())
                        notes[note.Name] = note.Value.GetString()!;
                }
                else
                {
                    tensors.Add(entry.Name, ReadTensor(stream, entry, start: 8 + length));
                }
            }
        }
        catch (Exception exception)
        {
            new TensorFile(tensors, notes).Dispose();
            if (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
                throw new InvalidDataException("its header is not that of a safetensors file: " + exception.Message, exception);
            throw;
        }
        return new TensorFile(tensors, notes);
    }

    /// <summary>Writes tensors in the order of their names, and texts beside them.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> notes)
    {
        var ordered = tensors.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        var header = Header(ordered, notes);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var (_, tensor) in ordered)
        {
            using var scope = NewDisposeScope();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    private static byte[] Header(IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> notes)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(NotesKey);
            foreach (var (key, value) in notes)
                json.WriteString(key, value);
            json.WriteEndObject();
            long end = 0;
            foreach (var (name, tensor) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", Types.Single(type => type.Value == tensor.dtype).Key);
                WriteNumbers(json, "shape", tensor.shape);
                var begin = end;
                end += tensor.numel() * tensor.element_size();
                WriteNumbers(json, "data_offsets", [begin, end]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (buffer.Length % Alignment != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }

    private static Tensor ReadTensor(Stream stream, JsonProperty entry, long start)
    {
        var type = entry.Value.GetProperty("dtype").GetString()!;
        var shape = entry.Value.GetProperty("shape").EnumerateArray().Select(extent => extent.GetInt64()).ToArray();
        var offsets = entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        var brain = type == "BF16";
        if (!brain && !Types.ContainsKey(type))
            throw new InvalidDataException($"{entry.Name} has the type {type}; allowed are {string.Join(", ", Types.Keys)} and BF16.");
        // Before anything is allocated: a damaged header may say any number.
        var kind = brain ? ScalarType.Int16 : Types[type];
        var bytes = shape.Aggregate((Int128)kind.ElementSize(), (product, extent) => Int128.Min(product * extent, long.MaxValue));
        if (offsets.Length != 2 || offsets[0] < 0 || shape.Any(extent => extent < 0) || (Int128)offsets[1] - offsets[0] != bytes || bytes > int.MaxValue)
            throw new InvalidDataException($"{entry.Name} of shape ({string.Join(", ", shape)}) and type {type} cannot have {string.Join(" to ", offsets)} as its place.");
        if (offsets[1] > stream.Length - start)
            throw new EndOfStreamException();
        using var scope = NewDisposeScope();
        var read = empty(shape, kind);
        stream.Position = start + offsets[0];
        stream.ReadExactly(read.bytes);
        return (brain ? FromBrainFloats(read) : read).MoveToOuterDisposeScope();
    }

    /// <summary>A bfloat16 is the upper half of a float32.</summary>
    private static Tensor FromBrainFloats(Tensor halves)
    {
        var upper = halves.data<short>().ToArray();
        return tensor(Array.ConvertAll(upper, bits => BitConverter.Int32BitsToSingle(bits << 16)), halves.shape);
    }
}
