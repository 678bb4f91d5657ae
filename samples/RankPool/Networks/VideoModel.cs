using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>
/// A frame network with something on top that gives scores to videos. Frames go through the network in chunks; with more than one chunk the backward pass
/// computes each once more, so that memory does not grow with the number of frames.
/// </summary>
public abstract class VideoModel : nn.Module<VideoBatch, Tensor>
{
    // Not private: TorchSharp registers the fields that reflection finds on the derived class.
    private protected readonly FrameNetwork network;

    private protected VideoModel(string name, FrameNetwork network) : base(name) => this.network = network;

    /// <summary>Most frames that go through the frame network at once.</summary>
    public int FramesPerChunk { get; init; } = int.MaxValue;

    /// <summary>The network that sees one frame at a time.</summary>
    public FrameNetwork FrameNetwork => network;

    /// <summary>The scores of every class for every video.</summary>
    /// <returns>(B, K), before softmax.</returns>
    public sealed override Tensor forward(VideoBatch batch)
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

    /// <summary>Adds the gradient of a loss to those of the parameters. The gradient does not depend on <see cref="FramesPerChunk"/>.</summary>
    /// <param name="batch">The videos.</param>
    /// <param name="lossOf">The loss, a scalar, of the scores that are trained: of <see cref="Rows"/>.</param>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgminLayers.ArgminException">The pooling has no solution or no gradient.</exception>
    public double AccumulateGradient(VideoBatch batch, Func<Tensor, Tensor> lossOf)
    {
        using var scope = NewDisposeScope();
        // In one chunk the graph reaches from the loss to the frames. In several it ends at the features, and each chunk has its own in turn.
        var chunked = batch.FrameCount > FramesPerChunk;
        var features = chunked ? WithoutGraph(batch).requires_grad_() : Features(batch);
        var loss = lossOf(ScoreRows(batch, features));
        loss.backward();
        ThrowIfFailed();
        if (chunked)
            Backward(batch, features.grad!);
        return loss.to(ScalarType.Float64).cpu().item<double>();
    }

    /// <summary>Which video each row of the trained scores belongs to, and its weight in the loss.</summary>
    public virtual IReadOnlyList<ScoreRow> Rows(VideoBatch batch) => [.. Enumerable.Range(0, batch.VideoCount).Select(video => new ScoreRow(video, 1))];

    /// <summary>The scores of videos, from the features of their frames.</summary>
    protected abstract Tensor Score(VideoBatch batch, Tensor features);

    /// <summary>The scores that are trained, one row for each of <see cref="Rows"/>.</summary>
    protected virtual Tensor ScoreRows(VideoBatch batch, Tensor features) => Score(batch, features);

    /// <summary>Throws what failed in the backward pass.</summary>
    protected virtual void ThrowIfFailed()
    {
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
        var first = 0;
        while (first < batch.FrameCount)
        {
            var count = Math.Min(FramesPerChunk, batch.FrameCount - first);
            yield return (first, count);
            first += count;
        }
    }

    private Tensor Features(VideoBatch batch, (int First, int Count) chunk)
    {
        using var scope = NewDisposeScope();
        return nn.functional.normalize(network.call(batch.Frames(chunk.First, chunk.Count)), dim: -1).MoveToOuterDisposeScope();
    }
}
