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
    private readonly FrameNetwork network;
    private readonly TemporalPooling pooling;
    private readonly Linear classifier;

    /// <param name="network">(N, C, H, W) to (N, D).</param>
    /// <param name="pooling">(B, T, D) and a mask (B, T) to (B, D′).</param>
    /// <param name="classCount">Number of classes, K.</param>
    public VideoClassifier(FrameNetwork network, TemporalPooling pooling, int classCount) : base(nameof(VideoClassifier))
    {
        this.network = network;
        this.pooling = pooling;
        classifier = nn.Linear(pooling.OutputFeatures(network.FeatureCount), classCount);
        RegisterComponents();
    }

    /// <summary>Most frames that go through the frame network at once. More than these are computed once more in the backward pass, so that memory does not grow with their number.</summary>
    public int FramesPerChunk { get; init; } = int.MaxValue;

    /// <summary>The scores of every class for every video.</summary>
    /// <returns>(B, K), before softmax.</returns>
    public override Tensor forward(VideoBatch batch)
    {
        using var scope = NewDisposeScope();
        return Score(batch, Features(batch)).MoveToOuterDisposeScope();
    }

    /// <summary>The L2-normalised features of every frame, chunk by chunk.</summary>
    /// <returns>(ΣT, D).</returns>
    public Tensor Features(VideoBatch batch)
    {
        using var scope = NewDisposeScope();
        return cat(Chunks(batch).Select(chunk => Features(batch, chunk)).ToList(), 0).MoveToOuterDisposeScope();
    }

    /// <summary>The L2-normalised vector of every video.</summary>
    /// <returns>(B, D′).</returns>
    public Tensor Pool(VideoBatch batch)
    {
        using var scope = NewDisposeScope();
        return Pool(batch, Features(batch)).MoveToOuterDisposeScope();
    }

    /// <summary>Adds the gradient of a loss to those of the parameters. The gradient does not depend on <see cref="FramesPerChunk"/>.</summary>
    /// <param name="batch">The videos.</param>
    /// <param name="lossOf">The loss, a scalar, of the scores (B, K).</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgminLayers.ArgminException">The pooling has no solution or no gradient.</exception>
    public double AccumulateGradient(VideoBatch batch, Func<Tensor, Tensor> lossOf)
    {
        using var scope = NewDisposeScope();
        // In one chunk the graph reaches from the loss to the frames. In several it ends at the features, and each chunk has its own in turn.
        var chunked = batch.FrameCount > FramesPerChunk;
        var features = chunked ? WithoutGraph(batch).requires_grad_() : Features(batch);
        var loss = lossOf(Score(batch, features));
        loss.backward();
        pooling.ThrowIfFailed();
        if (chunked)
            Backward(batch, features.grad!);
        return loss.to(ScalarType.Float64).cpu().item<double>();
    }

    private Tensor WithoutGraph(VideoBatch batch)
    {
        using var noGradient = no_grad();
        return Features(batch);
    }

    private void Backward(VideoBatch batch, Tensor gradient)
    {
        foreach (var chunk in Chunks(batch))
        {
            using var scope = NewDisposeScope();
            Features(batch, chunk).backward([gradient.narrow(0, chunk.First, chunk.Count)]);
        }
    }

    private IEnumerable<(int First, int Count)> Chunks(VideoBatch batch)
    {
        for (var first = 0; first < batch.FrameCount; first += FramesPerChunk)
        {
            yield return (first, Math.Min(FramesPerChunk, batch.FrameCount - first));
            if (FramesPerChunk >= batch.FrameCount)
                yield break;
        }
    }

    private Tensor Features(VideoBatch batch, (int First, int Count) chunk)
    {
        using var scope = NewDisposeScope();
        return nn.functional.normalize(network.call(batch.Frames(chunk.First, chunk.Count)), dim: -1).MoveToOuterDisposeScope();
    }

    private Tensor Score(VideoBatch batch, Tensor features) => classifier.call(Pool(batch, features));

    private Tensor Pool(VideoBatch batch, Tensor features)
    {
        // Row 0 stands for padding; frame n is row n.
        var padding = zeros(1, network.FeatureCount, dtype: features.dtype, device: features.device);
        var padded = cat([padding, features], 0).index_select(0, batch.Slots)
            .reshape(batch.Mask.shape[0], batch.Mask.shape[1], network.FeatureCount);
        return nn.functional.normalize(pooling.call(padded, batch.Mask), dim: -1);
    }
}
