using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>The mean of a sequence's frames (Fernando &amp; Gould 2016, Eq. 4, solved by hand). Blind to their order.</summary>
public sealed class AveragePooling() : TemporalPooling(nameof(AveragePooling))
{
    /// <inheritdoc/>
    protected override Tensor Pool(Tensor features, Tensor mask) =>
        features.sum(dim: -2).div(FrameMask.Weights(mask, features.dtype).sum(dim: -1, keepdim: true));
}
