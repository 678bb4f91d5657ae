using static TorchSharp.torch;

namespace RankPool.Weights;

/// <summary>Named tensors of a file, on the CPU, in the order of the file.</summary>
public sealed class TensorFile : IDisposable
{
    /// <summary>The end of the names of files in the safetensors format.</summary>
    public const string SafetensorsExtension = ".safetensors";

    internal TensorFile(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> notes) => (Tensors, Notes) = (tensors, notes);

    public IReadOnlyDictionary<string, Tensor> Tensors { get; }

    /// <summary>The texts that a safetensors file holds beside its tensors.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; }

    /// <summary>Reads a file: safetensors by the end of its name, TorchSharp's own format (<c>module.save</c>) otherwise.</summary>
    /// <exception cref="DataException">The file cannot be read, or is not what its name says.</exception>
    public static TensorFile Read(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
            return file.EndsWith(SafetensorsExtension, StringComparison.OrdinalIgnoreCase) ? Safetensors.Read(stream) : TorchSharpState.Read(stream);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            var reason = exception is EndOfStreamException ? "it ends too early." : exception.Message;
            throw new DataException($"The weights file '{file}' cannot be read: {reason}", exception);
        }
    }

    public void Dispose()
    {
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }
}
