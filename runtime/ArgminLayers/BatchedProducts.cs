using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>Products of the matrices of a batch, (B or 1, K, n): with one vector each, and with themselves.</summary>
internal static class BatchedProducts
{
    /// <summary>Elements of a matrix from which on, on a CPU, reading it outweighs a call. A batched product packs a matrix first, as for a product with another one.</summary>
    private const long Large = 1 << 13;

    /// <summary>Rows from which on half a product is worth two more calls.</summary>
    private const long SmallestHalved = 96;

    /// <summary>What BLAS libraries work on at once.</summary>
    private const long Tile = 16;

    /// <summary>M x, (B, K), for x (B, n).</summary>
    public static Tensor Times(Tensor matrix, Tensor x) => OneByOne(matrix, x)
        ? stack([.. matrix.unbind(0).Zip(x.unbind(0), static (m, v) => m.mv(v))], 0)
        : IsShared(matrix, x) ? x.matmul(matrix.select(0, 0).transpose(0, 1))
        : matrix.matmul(x.unsqueeze(-1)).squeeze(-1);

    /// <summary>Mᵀ x, (B, n), for x (B, K).</summary>
    public static Tensor TransposedTimes(Tensor matrix, Tensor x) => OneByOne(matrix, x)
        ? stack([.. matrix.transpose(1, 2).unbind(0).Zip(x.unbind(0), static (m, v) => m.mv(v))], 0)
        : IsShared(matrix, x) ? x.matmul(matrix.select(0, 0))
        : x.unsqueeze(-2).matmul(matrix).squeeze(-2);

    /// <summary>M x for symmetric M (B or 1, K, K) and x (B, K): as a row times M, which libtorch does in half the time.</summary>
    public static Tensor SymmetricTimes(Tensor matrix, Tensor x)
        => IsShared(matrix, x) ? x.matmul(matrix.select(0, 0)) : x.unsqueeze(-2).matmul(matrix).squeeze(-2);

    /// <summary>xᵀy, (B, 1), for x and y (B, n): one operation, but on a CPU a batched product packs what is read once.</summary>
    public static Tensor Dot(Tensor x, Tensor y)
        => x.device_type == DeviceType.CPU ? (x * y).sum(dim: -1, keepdim: true) : x.unsqueeze(-2).matmul(y.unsqueeze(-1)).squeeze(-1);

    /// <summary>M Mᵀ, (B or 1, K, K). On a CPU its upper right quarter is the lower left one, not another product.</summary>
    public static Tensor Gram(Tensor matrix)
    {
        var k = matrix.size(1);
        if (matrix.device_type != DeviceType.CPU || k < SmallestHalved)
            return matrix.matmul(matrix.transpose(1, 2));
        using var scope = NewDisposeScope();
        var half = k / (2 * Tile) * Tile;
        var rest = k - half;
        var (above, below) = (matrix.narrow(1, 0, half), matrix.narrow(1, half, rest));
        var gram = empty([matrix.size(0), k, k], dtype: matrix.dtype, device: matrix.device);
        var left = gram.narrow(2, 0, half).copy_(matrix.matmul(above.transpose(1, 2)));
        gram.narrow(1, half, rest).narrow(2, half, rest).copy_(below.matmul(below.transpose(1, 2)));
        gram.narrow(1, 0, half).narrow(2, half, rest).copy_(left.narrow(1, half, rest).transpose(1, 2));
        return gram.MoveToOuterDisposeScope();
    }

    /// <summary>Whether one matrix is for several vectors: then these are the rows of a matrix, and the product is one.</summary>
    private static bool IsShared(Tensor matrix, Tensor x) => matrix.size(0) == 1 && x.size(0) > 1;

    private static bool OneByOne(Tensor matrix, Tensor x)
        => matrix.device_type == DeviceType.CPU && matrix.size(0) == x.size(0) && matrix.size(1) * matrix.size(2) >= Large;
}
