using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>A network that sees one frame at a time. It brings the values of the pixels to what its weights expect.</summary>
public abstract class FrameNetwork : nn.Module<Tensor, Tensor>
{
    // Not private: TorchSharp moves the buffers whose fields reflection finds on the derived class.
    private protected readonly Tensor? mean;
    private protected readonly Tensor? deviation;

    /// <param name="name">The network's name.</param>
    /// <param name="featureCount">Features per frame, D.</param>
    /// <param name="values">What the values of the pixels are shifted and scaled by; nothing where null.</param>
    protected FrameNetwork(string name, int featureCount, PixelValues? values = null) : base(name)
    {
        FeatureCount = featureCount;
        if (values is null)
            return;
        mean = tensor(values.Mean, [1, values.Mean.Length, 1, 1]).DetachFromDisposeScope();
        deviation = tensor(values.Deviation, [1, values.Deviation.Length, 1, 1]).DetachFromDisposeScope();
        register_buffer(nameof(mean), mean, persistent: false);
        register_buffer(nameof(deviation), deviation, persistent: false);
    }

    /// <summary>Features per frame, D.</summary>
    public int FeatureCount { get; }

    /// <summary>The features of every frame.</summary>
    /// <param name="frames">(N, C, H, W), values from 0 to 1.</param>
    /// <returns>(N, D).</returns>
    public sealed override Tensor forward(Tensor frames)
    {
        using var scope = NewDisposeScope();
        var values = mean is null || deviation is null ? frames : frames.sub(mean).div(deviation);
        return Features(values).MoveToOuterDisposeScope();
    }

    /// <summary>The features of frames whose values are as the weights expect them.</summary>
    protected abstract Tensor Features(Tensor x);
}
