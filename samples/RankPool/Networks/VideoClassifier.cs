using RankPool.Pooling;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>
/// The network of Fernando and Gould (2016) around any pooling: a frame network, L2-normalised features, temporal
/// pooling, an L2-normalised video vector, a linear classifier.
/// </summary>
public sealed class VideoClassifier : VideoModel
{
    private readonly TemporalPooling pooling;
    private readonly Linear classifier;

    /// <param name="network">(N, C, H, W) to (N, D).</param>
    /// <param name="pooling">(B, T, D) and a mask (B, T) to (B, D′).</param>
    /// <param name="classCount">Number of classes, K.</param>
    public VideoClassifier(FrameNetwork network, TemporalPooling pooling, int classCount) : base(nameof(VideoClassifier), network)
    {
        this.pooling = pooling;
        classifier = nn.Linear(pooling.OutputFeatures(network.FeatureCount), classCount);
        RegisterComponents();
    }

    /// <summary>The L2-normalised vector of every video.</summary>
    /// <returns>(B, D′).</returns>
    public Tensor Pool(VideoBatch batch)
    {
        using var scope = NewDisposeScope();
        return Pool(batch, Features(batch)).MoveToOuterDisposeScope();
    }

    protected override Tensor Score(VideoBatch batch, Tensor features) => classifier.call(Pool(batch, features));

    protected override void ThrowIfFailed() => pooling.ThrowIfFailed();

    private Tensor Pool(VideoBatch batch, Tensor features)
    {
        // Row 0 stands for padding; frame n is row n.
        var padding = zeros(1, network.FeatureCount, dtype: features.dtype, device: features.device);
        var padded = cat([padding, features], 0).index_select(0, batch.Slots)
            .reshape(batch.Mask.shape[0], batch.Mask.shape[1], network.FeatureCount);
        return nn.functional.normalize(pooling.call(padded, batch.Mask), dim: -1);
    }
}
