using ArgminLayers;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>A way to make one vector of a sequence of frames. Poolings can be put together: see <see cref="Preprocessed"/>,
/// <see cref="ForwardReverse"/>, <see cref="TemporalPyramid"/> and <see cref="HierarchicalPooling"/>.</summary>
/// <remarks>Sequences of different lengths are padded to one length; what stands in the padding has no influence on value or gradient.</remarks>
public abstract class TemporalPooling(string name) : nn.Module<Tensor, Tensor, Tensor>(name)
{
    /// <summary>Pools every sequence of a batch.</summary>
    /// <param name="features">(…, T, D).</param>
    /// <param name="mask">(…, T), 1 for a frame and 0 for padding.</param>
    /// <returns>(…, <see cref="OutputFeatures"/> of D).</returns>
    /// <exception cref="ArgumentException">The shapes do not match, or a sequence has no frame.</exception>
    /// <exception cref="ArgminException">The pooling minimises, and a problem was not solved, for example because a feature is not a number.</exception>
    public sealed override Tensor forward(Tensor features, Tensor mask)
    {
        FrameMask.Check(features, mask);
        using var scope = NewDisposeScope();
        return Pool(FrameMask.FillZero(features, FrameMask.Padding(mask)), mask).MoveToOuterDisposeScope();
    }

    /// <summary>The length of the pooled vector for frames of D features.</summary>
    public virtual long OutputFeatures(long inputFeatures) => inputFeatures;

    /// <summary>Throws if a backward pass through this pooling failed since the last call: a backward pass cannot throw, its gradients are then NaN.</summary>
    /// <exception cref="ArgminException">A backward pass failed.</exception>
    public virtual void ThrowIfFailed()
    {
    }

    /// <summary>Pools sequences that were checked and whose padding is 0. The caller's scope takes what is made on the way.</summary>
    /// <param name="features">(…, T, D).</param>
    /// <param name="mask">(…, T), 1 for a frame and 0 for padding.</param>
    protected abstract Tensor Pool(Tensor features, Tensor mask);
}
