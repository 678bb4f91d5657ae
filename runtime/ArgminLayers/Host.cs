using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>Values of small tensors brought to managed memory: one number a problem, on which a solver decides.</summary>
internal static class Host
{
    /// <summary>The elements of equally shaped vectors in one transfer: row i holds those of the i-th.</summary>
    public static double[][] Rows(params Tensor[] vectors)
    {
        using var scope = NewDisposeScope();
        var stacked = stack(vectors.Select(vector => vector.to(ScalarType.Float64)), 0).cpu();
        var values = stacked.data<double>().ToArray();
        var width = values.Length / vectors.Length;
        return [.. Enumerable.Range(0, vectors.Length).Select(row => values[(row * width)..((row + 1) * width)])];
    }

    /// <summary>The elements of a vector of booleans.</summary>
    public static bool[] Booleans(Tensor vector)
    {
        using var scope = NewDisposeScope();
        return vector.cpu().contiguous().data<bool>().ToArray();
    }

    /// <summary>A vector of indices on a device.</summary>
    public static Tensor Indices(IReadOnlyCollection<int> indices, Device device)
        => torch.tensor(indices.Select(index => (long)index).ToArray(), device: device);

    /// <summary>A vector of booleans on a device.</summary>
    public static Tensor Mask(IEnumerable<bool> values, Device device) => torch.tensor(values.ToArray(), device: device);
}
