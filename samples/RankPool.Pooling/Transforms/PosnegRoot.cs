using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>
/// The square roots of the positive parts and those of the negative parts side by side, <c>[√x⁺, √x⁻]</c>: 2D features of D. At 0, where the slope is
/// infinite, the gradient is 0.
/// </summary>
public sealed class PosnegRoot() : FrameTransform(nameof(PosnegRoot))
{
    /// <inheritdoc/>
    public override long OutputFeatures(long inputFeatures) => 2 * inputFeatures;

    /// <inheritdoc/>
    protected override Tensor Transform(Tensor features, Tensor mask) =>
        cat([SquareRoots.Of(features.relu()), SquareRoots.Of(features.neg().relu())], -1);
}
