using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>Values of small tensors brought to managed memory: one number a problem, on which a solver decides.</summary>
internal static class Host
{
    [ThreadStatic]
    private static long transfers;

    /// <summary>The transfers from a device so far, on this thread; a tensor that was on the host already counts as well, so that tests need no other device.</summary>
    public static long Transfers => transfers;

    /// <summary>The elements of equally shaped vectors in one transfer: row i holds those of the i-th.</summary>
    public static double[][] Rows(params Tensor[] vectors)
    {
        using var scope = NewDisposeScope();
        // stack, but of several dtypes: booleans go along with numbers.
        var values = Numbers(cat([.. vectors.Select(static vector => vector.unsqueeze(0))], 0));
        var width = values.Length / vectors.Length;
        return [.. Enumerable.Range(0, vectors.Length).Select(row => values[(row * width)..((row + 1) * width)])];
    }

    /// <summary>The columns of matrices (B or 1, columns) in one transfer, B that of the first; dtypes that are not floating go along with those that are.</summary>
    public static double[][] Columns(IReadOnlyList<Tensor> matrices)
    {
        using var scope = NewDisposeScope();
        var size = matrices[0].size(0);
        var joined = cat([.. matrices.Select(matrix => matrix.size(0) == size ? matrix : matrix.expand(size, -1))], 1);
        var (values, width) = (Numbers(joined), (int)joined.size(1));
        return [.. Enumerable.Range(0, width).Select(column => Enumerable.Range(0, (int)size).Select(row => values[(row * width) + column]).ToArray())];
    }

    /// <summary>The elements of a tensor of the caller's scope.</summary>
    private static double[] Numbers(Tensor tensor)
    {
        // A conversion on a device is an operation more, one here is none.
        var host = Brought(tensor);
        return host.dtype == ScalarType.Float32 ? [.. host.data<float>().Select(static value => (double)value)] : host.to(ScalarType.Float64).data<double>().ToArray();
    }

    /// <summary>The elements of a vector of booleans.</summary>
    public static bool[] Booleans(Tensor vector)
    {
        using var scope = NewDisposeScope();
        return Brought(vector).contiguous().data<bool>().ToArray();
    }

    /// <summary>Whether an element of a tensor of booleans is true.</summary>
    public static bool Any(Tensor booleans)
    {
        using var scope = NewDisposeScope();
        return Brought(booleans.any()).item<bool>();
    }

    /// <summary>Whether all elements of a tensor of booleans are true.</summary>
    public static bool All(Tensor booleans)
    {
        using var scope = NewDisposeScope();
        return Brought(booleans.all()).item<bool>();
    }

    /// <summary>A tensor of the caller's scope on the host.</summary>
    private static Tensor Brought(Tensor tensor)
    {
        transfers++;
        return tensor.cpu();
    }

    /// <summary>A vector of indices on a device.</summary>
    public static Tensor Indices(IReadOnlyCollection<int> indices, Device device)
        => torch.tensor(indices.Select(index => (long)index).ToArray(), device: device);

    /// <summary>A vector of booleans on a device.</summary>
    public static Tensor Mask(IEnumerable<bool> values, Device device) => torch.tensor(values.ToArray(), device: device);
}
