using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>The largest value of each feature over a sequence's frames. Blind to their order.</summary>
public sealed class MaxPooling() : TemporalPooling(nameof(MaxPooling))
{
    private static readonly Scalar MinusInfinity = double.NegativeInfinity;

    /// <inheritdoc/>
    protected override Tensor Pool(Tensor features, Tensor mask) =>
        FrameMask.Fill(features, FrameMask.Padding(mask), MinusInfinity).amax([-2]);
}
