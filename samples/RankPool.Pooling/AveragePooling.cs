using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>The mean of a sequence's frames (Fernando &amp; Gould 2016, Eq. 4, solved by hand). Blind to their order.</summary>
public sealed class AveragePooling() : nn.Module<Tensor, Tensor, Tensor>(nameof(AveragePooling))
{
    /// <summary>Pools every sequence of a batch.</summary>
    /// <param name="features">(…, T, D).</param>
    /// <param name="mask">(…, T), 1 for a frame and 0 for padding, which has no influence on value or gradient.</param>
    /// <returns>(…, D).</returns>
    /// <exception cref="ArgumentException">The shapes do not match, or a sequence has no frame.</exception>
    public override Tensor forward(Tensor features, Tensor mask)
    {
        FrameMask.Check(features, mask);
        using var scope = NewDisposeScope();
        var frames = FrameMask.FillZero(features, FrameMask.Padding(mask));
        var count = FrameMask.Weights(mask, features.dtype).sum(dim: -1, keepdim: true);
        return frames.sum(dim: -2).div(count).MoveToOuterDisposeScope();
    }
}
