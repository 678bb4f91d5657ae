using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>Frames go through transforms, one after the other, and are pooled then.</summary>
public sealed class Preprocessed : TemporalPooling
{
    private readonly ModuleList<FrameTransform> transforms;
    private readonly TemporalPooling pooling;

    /// <param name="pooling">Pools the transformed frames. Owned by this module, like the transforms.</param>
    /// <param name="transforms">In the order in which they are applied.</param>
    public Preprocessed(TemporalPooling pooling, params FrameTransform[] transforms) : base(nameof(Preprocessed))
    {
        this.pooling = pooling;
        this.transforms = nn.ModuleList(transforms);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override long OutputFeatures(long inputFeatures) =>
        pooling.OutputFeatures(transforms.Aggregate(inputFeatures, (features, transform) => transform.OutputFeatures(features)));

    /// <inheritdoc/>
    public override void ThrowIfFailed() => pooling.ThrowIfFailed();

    /// <inheritdoc/>
    protected override Tensor Pool(Tensor features, Tensor mask) =>
        pooling.call(transforms.Aggregate(features, (frames, transform) => transform.call(frames, mask)), mask);
}
