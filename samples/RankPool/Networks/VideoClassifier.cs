using RankPool.Pooling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>
/// The network of Fernando and Gould (2016) around any pooling: a frame network, L2-normalised features, temporal
/// pooling, an L2-normalised video vector, a linear classifier.
/// </summary>
public sealed class VideoClassifier : nn.Module<VideoBatch, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> network;
    private readonly TemporalPooling pooling;
    private readonly Linear classifier;
    private readonly int featureCount;

    /// <param name="network">(N, C, H, W) to (N, D).</param>
    /// <param name="pooling">(B, T, D) and a mask (B, T) to (B, D′).</param>
    /// <param name="featureCount">D.</param>
    /// <param name="classCount">Number of classes, K.</param>
    public VideoClassifier(
        nn.Module<Tensor, Tensor> network, TemporalPooling pooling, int featureCount, int classCount)
        : base(nameof(VideoClassifier))
    {
        this.network = network;
        this.pooling = pooling;
        this.featureCount = featureCount;
        classifier = nn.Linear(pooling.OutputFeatures(featureCount), classCount);
        RegisterComponents();
    }

    /// <summary>Throws if a backward pass through the pooling failed: a backward pass cannot throw, and leaves gradients that are not numbers.</summary>
    /// <exception cref="ArgminLayers.ArgminException">A backward pass failed.</exception>
    public void ThrowIfFailed() => pooling.ThrowIfFailed();

    /// <summary>The scores of every class for every video.</summary>
    /// <returns>(B, K), before softmax.</returns>
    public override Tensor forward(VideoBatch batch)
    {
        using var scope = NewDisposeScope();
        return classifier.call(Pool(batch)).MoveToOuterDisposeScope();
    }

    /// <summary>The L2-normalised vector of every video.</summary>
    /// <returns>(B, D′).</returns>
    public Tensor Pool(VideoBatch batch)
    {
        using var scope = NewDisposeScope();
        var features = nn.functional.normalize(network.call(batch.Frames), dim: -1);
        // Row 0 stands for padding; frame n is row n.
        var padding = zeros(1, featureCount, dtype: features.dtype, device: features.device);
        var padded = cat([padding, features], 0).index_select(0, batch.Slots)
            .reshape(batch.Mask.shape[0], batch.Mask.shape[1], featureCount);
        return nn.functional.normalize(pooling.call(padded, batch.Mask), dim: -1).MoveToOuterDisposeScope();
    }
}
