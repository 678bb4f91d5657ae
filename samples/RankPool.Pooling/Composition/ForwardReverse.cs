using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>The pooled sequence beside the pooled reversed sequence: twice the features. Preprocessing inside sees the reversed frames, as in VideoDarwin.</summary>
public sealed class ForwardReverse : TemporalPooling
{
    private readonly TemporalPooling pooling;

    /// <param name="pooling">Pools both directions. Owned by this module.</param>
    public ForwardReverse(TemporalPooling pooling) : base(nameof(ForwardReverse))
    {
        this.pooling = pooling;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override long OutputFeatures(long inputFeatures) => 2 * pooling.OutputFeatures(inputFeatures);

    /// <inheritdoc/>
    public override void ThrowIfFailed() => pooling.ThrowIfFailed();

    // Padding may stand anywhere, so that a reversed batch needs no shifting of its sequences.
    /// <inheritdoc/>
    protected override Tensor Pool(Tensor features, Tensor mask) =>
        cat([pooling.call(features, mask), pooling.call(features.flip(-2), mask.flip(-1))], -1);
}
