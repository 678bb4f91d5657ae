using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>Every frame divided by its Euclidean length (L2 normalisation). A frame of zeros stays one, and its gradient is 0.</summary>
public sealed class UnitLength() : FrameTransform(nameof(UnitLength))
{
    private static readonly Scalar Zero = 0;
    private static readonly Scalar One = 1;

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor features, Tensor mask)
    {
        // Scaled by its largest entry first: the squares of a frame can be too small or too large for float32.
        var largest = features.detach().abs().amax([-1], keepdim: true);
        var isZero = largest.eq(Zero);
        var scaled = features.div(largest.masked_fill(isZero, One));
        var length = scaled.mul(scaled).sum(dim: -1, keepdim: true).masked_fill(isZero, One).sqrt();
        return scaled.div(length).masked_fill(isZero, Zero);
    }
}
