using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>
/// Any pooling of the whole sequence, of its halves, of its quarters and so on, side by side: 2^levels − 1 vectors. Part s of S covers the frames
/// ⌊s N / S⌋ to ⌈(s + 1) N / S⌉ of N (as in adaptive pooling), so a part is never empty and neighbours share a frame where S does not divide N.
/// </summary>
public sealed class TemporalPyramid : TemporalPooling
{
    private readonly TemporalPooling pooling;
    private readonly int parts;

    /// <param name="pooling">Pools the parts. Owned by this module.</param>
    /// <param name="levels">1 is the whole sequence alone, 2 adds its halves, 3 its quarters; at most 10.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="levels"/> is not from 1 to 10.</exception>
    public TemporalPyramid(TemporalPooling pooling, int levels) : base(nameof(TemporalPyramid))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, 10);
        this.pooling = pooling;
        Levels = levels;
        parts = (1 << levels) - 1;
        RegisterComponents();
    }

    /// <summary>How often the sequence is halved, and one.</summary>
    public int Levels { get; }

    /// <inheritdoc/>
    public override long OutputFeatures(long inputFeatures) => parts * pooling.OutputFeatures(inputFeatures);

    /// <inheritdoc/>
    public override void ThrowIfFailed() => pooling.ThrowIfFailed();

    /// <inheritdoc/>
    protected override Tensor Pool(Tensor features, Tensor mask)
    {
        // Level by level: parts of one level have about the same length, so little of a batch is padding.
        var levels = Enumerable.Range(0, Levels).Select(level =>
        {
            var cut = SequenceParts.Cut(features, mask, frames => Parts(frames, 1 << level));
            return cut.Join(pooling.call(cut.Features, cut.Mask)).Features.flatten(-2);
        });
        return cat([.. levels], -1);
    }

    private static List<FrameRange> Parts(int n, int count) =>
        [.. Enumerable.Range(0, count).Select(s =>
        {
            var first = s * n / count;
            return new FrameRange(first, ((s + 1) * n + count - 1) / count - first);
        })];
}
