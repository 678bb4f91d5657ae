using static TorchSharp.torch;

namespace RankPool.Weights;

/// <summary>
/// The format that TorchSharp's <c>module.save</c> writes: the number of tensors, then each with its name, type, shape and bytes. Numbers are in LEB128.
/// </summary>
internal static class TorchSharpState
{
    private const int LongestName = 4096;

    private static readonly HashSet<ScalarType> Types =
    [
        ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64,
        ScalarType.Float16, ScalarType.Float32, ScalarType.Float64, ScalarType.Bool,
    ];

    /// <exception cref="InvalidDataException">This is no such file.</exception>
    /// <exception cref="EndOfStreamException">The file ends too early.</exception>
    public static TensorFile Read(Stream stream)
    {
        using var reader = new BinaryReader(stream);
        var tensors = new Dictionary<string, Tensor>();
        try
        {
            Span<byte> start = stackalloc byte[2];
            stream.ReadExactly(start);
            if (start.SequenceEqual("PK"u8) || start.SequenceEqual("\u0080\u0002"u8))
                throw new InvalidDataException("it is a file of PyTorch's torch.save; save the state dict as .safetensors instead.");
            stream.Position = 0;
            var count = ReadNumber(reader);
            for (long i = 0; i < count; i++)
            {
                var (name, tensor) = ReadTensor(stream, reader);
                if (!tensors.TryAdd(name, tensor))
                    throw new InvalidDataException($"it holds '{name}' twice.");
            }
            if (stream.Position != stream.Length)
                throw new InvalidDataException($"after its {count} tensors there are {stream.Length - stream.Position} more bytes.");
            return new TensorFile(tensors, new Dictionary<string, string>());
        }
        catch
        {
            foreach (var tensor in tensors.Values)
                tensor.Dispose();
            throw;
        }
    }

    private static (string Name, Tensor Tensor) ReadTensor(Stream stream, BinaryReader reader)
    {
        var length = ReadNumber(reader);
        if (length > LongestName)
            throw NotThisFormat();
        var name = System.Text.Encoding.UTF8.GetString(reader.ReadBytes((int)length));
        var type = (ScalarType)ReadNumber(reader);
        var dimensions = ReadNumber(reader);
        if (!Types.Contains(type) || dimensions > 16)
            throw NotThisFormat();
        var shape = new long[dimensions];
        for (var d = 0; d < dimensions; d++)
            shape[d] = ReadNumber(reader);
        var left = stream.Length - stream.Position;
        if (shape.Any(extent => extent > left) || shape.Aggregate(1.0, (product, extent) => product * extent) > left)
            throw new EndOfStreamException();
        using var scope = NewDisposeScope();
        var tensor = empty(shape, type);
        stream.ReadExactly(tensor.bytes);
        return (name, tensor.MoveToOuterDisposeScope());
    }

    private static long ReadNumber(BinaryReader reader)
    {
        var value = reader.Read7BitEncodedInt64();
        return value >= 0 ? value : throw NotThisFormat();
    }

    private static InvalidDataException NotThisFormat() => new("it is neither a .safetensors file nor one of TorchSharp's module.save.");
}
