namespace TorchSharp;

using TorchSharp.Utils;

/// <summary>Tensors in files of TorchSharp's format: type, number of dimensions, sizes, bytes.</summary>
public static partial class TensorExtensionMethods
{
    private const int MostDimensions = 64;

    public static void Save(this torch.Tensor tensor, BinaryWriter writer)
    {
        using var there = tensor.device_type == DeviceType.CPU ? null : tensor.cpu();
        using var packed = (there ?? tensor).is_contiguous() ? null : (there ?? tensor).contiguous();
        var source = packed ?? there ?? tensor;
        writer.WriteLeb128((int)source.dtype);
        writer.WriteLeb128(source.shape.Length);
        foreach (long length in source.shape)
            writer.WriteLeb128(length);
        writer.Flush();
        source.WriteBytesToStream(writer.BaseStream);
    }

    public static void Save(this torch.Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this torch.Tensor tensor, string location) => tensor.Save(File.Create(location));

    /// <summary>Reads into a tensor, whose type and shape the file has to have.</summary>
    public static void Load(this torch.Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        if (type != tensor.dtype)
            throw new ArgumentException("Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        Fill(tensor, shape, reader, skip);
    }

    public static torch.Tensor Load(BinaryReader reader, bool skip = false)
    {
        torch.Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    public static void Load(ref torch.Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        tensor ??= torch.empty(shape, dtype: type);
        Fill(tensor, shape, reader, skip);
    }

    private static (torch.ScalarType Type, long[] Shape) ReadHeader(BinaryReader reader)
    {
        long type = reader.ReadLeb128();
        long dimensions = reader.ReadLeb128();
        if (!Enum.IsDefined((torch.ScalarType)type) || type > sbyte.MaxValue || dimensions > MostDimensions)
            throw new InvalidDataException($"There is no tensor at this place of the file (type {type}, {dimensions} dimensions): it was not written by TorchSharp.");
        var shape = new long[dimensions];
        for (int i = 0; i < shape.Length; i++)
            shape[i] = reader.ReadLeb128();
        return ((torch.ScalarType)type, shape);
    }

    private static void Fill(torch.Tensor tensor, long[] shape, BinaryReader reader, bool skip)
    {
        if (skip)
        {
            reader.BaseStream.Seek(shape.TotalSize() * tensor.ElementSize, SeekOrigin.Current);
            return;
        }
        if (!shape.AsSpan().SequenceEqual(tensor.shape))
            throw new ArgumentException("Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        using var grad = torch.no_grad();
        if (tensor.device_type == DeviceType.CPU && tensor.is_contiguous())
        {
            tensor.ReadBytesFromStream(reader.BaseStream);
            return;
        }
        using var read = torch.empty(shape, dtype: tensor.dtype, device: torch.CPU);
        read.ReadBytesFromStream(reader.BaseStream);
        tensor.copy_(read);
    }
}
