using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>Preprocessing: makes new frames of a sequence's frames, before they are pooled.</summary>
public abstract class FrameTransform(string name) : nn.Module<Tensor, Tensor, Tensor>(name)
{
    /// <summary>Transforms every sequence of a batch.</summary>
    /// <param name="features">(…, T, D); what stands in the padding has no influence.</param>
    /// <param name="mask">(…, T), 1 for a frame and 0 for padding.</param>
    /// <returns>(…, T, <see cref="OutputFeatures"/> of D), 0 where there is padding.</returns>
    /// <exception cref="ArgumentException">The shapes do not match, or a sequence has no frame.</exception>
    public sealed override Tensor forward(Tensor features, Tensor mask)
    {
        FrameMask.Check(features, mask);
        using var scope = NewDisposeScope();
        var padding = FrameMask.Padding(mask);
        return FrameMask.FillZero(Transform(FrameMask.FillZero(features, padding), mask), padding).MoveToOuterDisposeScope();
    }

    /// <summary>The number of features of a transformed frame.</summary>
    public virtual long OutputFeatures(long inputFeatures) => inputFeatures;

    /// <summary>Transforms sequences that were checked and whose padding is 0; the result's padding may be anything.</summary>
    /// <param name="features">(…, T, D).</param>
    /// <param name="mask">(…, T), 1 for a frame and 0 for padding.</param>
    protected abstract Tensor Transform(Tensor features, Tensor mask);
}
