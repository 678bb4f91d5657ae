namespace RankPool.Data;

/// <summary>A video whose frames are all in memory.</summary>
public sealed class VideoInMemory(FrameSize size, byte[] pixels) : Video(size, CountFrames(size, pixels.Length))
{
    /// <summary>The pixels, (T, H, W, C) in row-major order.</summary>
    public byte[] Pixels => pixels;

    /// <summary>The pixels of frame <paramref name="t"/>, counted from 0.</summary>
    public ReadOnlySpan<byte> Frame(int t) => pixels.AsSpan(t * Size.Bytes, Size.Bytes);

    public override void CopyFrames(int first, Span<byte> target) => pixels.AsSpan(first * Size.Bytes, target.Length).CopyTo(target);

    /// <summary>The same frames, bit by bit, in reverse order.</summary>
    public VideoInMemory Reversed()
    {
        var reversed = new byte[pixels.Length];
        for (var t = 0; t < Frames; t++)
            Frame(t).CopyTo(reversed.AsSpan((Frames - 1 - t) * Size.Bytes));
        return new VideoInMemory(Size, reversed);
    }
}
