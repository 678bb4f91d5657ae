using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>Signs of rounding errors: equal, alternating, and two without a pattern. Whatever a matrix mixes, one of them does not cancel.</summary>
internal static class SignPatterns
{
    private static readonly double[] Frequencies = [0, Math.PI, Math.PI * 0.6180339887, Math.PI * 0.4142135624];

    /// <summary>±1, (K, patterns), for vectors (…, K).</summary>
    public static Tensor Of(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var terms = ones([vectors.size(-1), 1], dtype: ScalarType.Float64, device: vectors.device).cumsum(0);
        return (terms * tensor(Frequencies, device: vectors.device)).cos().sign().to(vectors.dtype).MoveToOuterDisposeScope();
    }
}
