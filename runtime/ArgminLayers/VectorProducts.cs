using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>Products of the matrices of a batch, (B or 1, K, n), with one vector each.</summary>
internal static class VectorProducts
{
    /// <summary>Elements of a matrix from which on, on a CPU, reading it is all that counts. A batched product packs a matrix first, as for a product with another one.</summary>
    private const long Large = 1 << 17;

    /// <summary>M x, (B, K), for x (B, n).</summary>
    public static Tensor Times(Tensor matrix, Tensor x) => OneByOne(matrix, x)
        ? stack([.. matrix.unbind(0).Zip(x.unbind(0), static (m, v) => m.mv(v))], 0)
        : matrix.matmul(x.unsqueeze(-1)).squeeze(-1);

    /// <summary>Mᵀ x, (B, n), for x (B, K).</summary>
    public static Tensor TransposedTimes(Tensor matrix, Tensor x) => OneByOne(matrix, x)
        ? stack([.. matrix.transpose(1, 2).unbind(0).Zip(x.unbind(0), static (m, v) => m.mv(v))], 0)
        : x.unsqueeze(-2).matmul(matrix).squeeze(-2);

    /// <summary>M x for symmetric M (B or 1, K, K) and x (B, K): as a row times M, which libtorch does in half the time.</summary>
    public static Tensor SymmetricTimes(Tensor matrix, Tensor x) => x.unsqueeze(-2).matmul(matrix).squeeze(-2);

    private static bool OneByOne(Tensor matrix, Tensor x)
        => matrix.device_type == DeviceType.CPU && matrix.size(0) == x.size(0) && matrix.size(1) * matrix.size(2) >= Large;
}
