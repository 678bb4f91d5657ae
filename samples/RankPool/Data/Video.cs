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
/// <param name="size">The size of every frame.</param>
/// <param name="frames">The number of frames, T, at least 1.</param>
public abstract class Video(FrameSize size, int frames) : IDisposable
{
    public FrameSize Size { get; } = size;

    /// <summary>The number of frames, T.</summary>
    public int Frames { get; } = frames;

    /// <summary>Copies frames, (count, H, W, C) in row-major order.</summary>
    /// <param name="first">The first of them, counted from 0.</param>
    /// <param name="pixels">As long as the frames that are wanted.</param>
    /// <exception cref="DataException">The frames cannot be read.</exception>
    public abstract void CopyFrames(int first, Span<byte> pixels);

    public virtual void Dispose() => GC.SuppressFinalize(this);

    private protected static int CountFrames(FrameSize size, long bytes) => bytes > 0 && bytes % size.Bytes == 0
        ? checked((int)(bytes / size.Bytes))
        : throw new ArgumentException($"{bytes} bytes are not a positive number of {size} frames.", nameof(bytes));
}
