using System.Text.Json.Serialization;

namespace RankPool.Data;

/// <summary>The size of a frame in pixels and its number of channels (1 grey, 3 red-green-blue).</summary>
public readonly record struct FrameSize(int Width, int Height, int Channels)
{
    /// <summary>Bytes of one frame.</summary>
    [JsonIgnore]
    public int Bytes => Width * Height * Channels;

    public override string ToString() => FormattableString.Invariant($"{Width}x{Height}x{Channels}");
}

/// <summary>A decoded video: frames one after the other, each row by row, the channels of a pixel together.</summary>
public sealed class Video
{
    public Video(FrameSize size, byte[] pixels)
    {
        if (pixels.Length == 0 || pixels.Length % size.Bytes != 0)
            throw new ArgumentException($"{pixels.Length} bytes are not a positive number of {size} frames.", nameof(pixels));
        Size = size;
        Pixels = pixels;
    }

    public FrameSize Size { get; }

    /// <summary>The pixels, (T, H, W, C) in row-major order.</summary>
    public byte[] Pixels { get; }

    /// <summary>The number of frames, T.</summary>
    public int Frames => Pixels.Length / Size.Bytes;

    /// <summary>The pixels of frame <paramref name="t"/>, counted from 0.</summary>
    public ReadOnlySpan<byte> Frame(int t) => Pixels.AsSpan(t * Size.Bytes, Size.Bytes);

    /// <summary>The same frames, bit by bit, in reverse order.</summary>
    public Video Reversed()
    {
        var reversed = new byte[Pixels.Length];
        for (var t = 0; t < Frames; t++)
            Frame(t).CopyTo(reversed.AsSpan((Frames - 1 - t) * Size.Bytes));
        return new Video(Size, reversed);
    }
}
