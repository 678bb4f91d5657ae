using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>
/// Hierarchical rank pooling (Fernando, Anderson, Hutter and Gould, <i>Discriminative Hierarchical Rank Pooling for Activity Recognition</i>, CVPR 2016): windows of a sequence are pooled, the
/// pooled windows go through a nonlinearity and are L2-normalised, and the sequence that they form is pooled again. The pooling on top may be
/// hierarchical itself, which gives more layers.
/// </summary>
/// <remarks>
/// Windows start at the frames 1, 1 + stride, 1 + 2 stride, … up to the first one that reaches the end, which may be shorter than the others; a sequence that is not longer
/// than a window is one window.
/// </remarks>
public sealed class HierarchicalPooling : TemporalPooling
{
    private readonly TemporalPooling windows;
    private readonly TemporalPooling top;
    private readonly int window;
    private readonly int stride;

    /// <param name="windows">Pools every window. Owned by this module, like <paramref name="top"/> and <paramref name="nonlinearity"/>.</param>
    /// <param name="top">Pools the sequence of pooled windows; another module than <paramref name="windows"/>.</param>
    /// <param name="window">Frames in a window, W.</param>
    /// <param name="stride">Frames from the start of a window to the start of the next, S, not above W: else frames between windows would be lost.</param>
    /// <param name="nonlinearity">Applied to pooled windows; null for none.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or the two poolings are one module.</exception>
    public HierarchicalPooling(TemporalPooling windows, TemporalPooling top, int window, int stride, FrameTransform? nonlinearity = null)
        : base(nameof(HierarchicalPooling))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(stride, window);
        if (ReferenceEquals(windows, top))
            throw new ArgumentException("Windows and the sequence of pooled windows need a pooling each, and both are the same module.", nameof(top));
        this.windows = windows;
        this.top = new Preprocessed(top, nonlinearity is null ? [new UnitLength()] : [nonlinearity, new UnitLength()]);
        this.window = window;
        this.stride = stride;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override long OutputFeatures(long inputFeatures) => top.OutputFeatures(windows.OutputFeatures(inputFeatures));

    /// <inheritdoc/>
    public override void ThrowIfFailed()
    {
        windows.ThrowIfFailed();
        top.ThrowIfFailed();
    }

    /// <inheritdoc/>
    protected override Tensor Pool(Tensor features, Tensor mask)
    {
        var cut = SequenceParts.Cut(features, mask, Windows);
        var (pooled, pooledMask) = cut.Join(windows.call(cut.Features, cut.Mask));
        return top.call(pooled, pooledMask);
    }

    private List<FrameRange> Windows(int n)
    {
        var count = n <= window ? 1 : (n - window + stride - 1) / stride + 1;
        return [.. Enumerable.Range(0, count).Select(i => new FrameRange(i * stride, Math.Min(window, n - i * stride)))];
    }
}
