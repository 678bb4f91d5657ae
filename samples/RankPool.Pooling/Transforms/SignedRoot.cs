using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary><c>sgn(x) √|x|</c> of every feature. At 0, where the slope is infinite, the gradient is 0.</summary>
public sealed class SignedRoot() : FrameTransform(nameof(SignedRoot))
{
    /// <inheritdoc/>
    protected override Tensor Transform(Tensor features, Tensor mask) => features.sign().mul(SquareRoots.Of(features.abs()));
}
