using TorchSharp;
using RankPool.Data;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>
/// Videos of different lengths as one input: the frames of all of them one after the other, and where each belongs
/// in the padded batch. Padding is never computed by the frame network, and frames become numbers only when they are asked for.
/// </summary>
public sealed class VideoBatch : IDisposable
{
    private static readonly Scalar Brightest = 255.0;

    private readonly IReadOnlyList<Video> videos;
    private readonly Device device;

    private VideoBatch(IReadOnlyList<Video> videos, Device device, Tensor slots, Tensor mask, int frameCount) =>
        (this.videos, this.device, Slots, Mask, FrameCount) = (videos, device, slots, mask, frameCount);

    /// <summary>Videos of the batch, B.</summary>
    public int VideoCount => videos.Count;

    /// <summary>Frames of all videos together, ΣT.</summary>
    public int FrameCount { get; }

    /// <summary>(B · T), for every place of the padded batch the number of its frame counted from 1, and 0 for padding.</summary>
    public Tensor Slots { get; }

    /// <summary>(B, T), 1 for a frame and 0 for padding.</summary>
    public Tensor Mask { get; }

    /// <summary>The number of each video's frames.</summary>
    public IEnumerable<int> Lengths => videos.Select(video => video.Frames);

    /// <summary>Puts videos of one frame size into a batch on a device.</summary>
    public static VideoBatch Of(IReadOnlyList<Video> videos, Device device)
    {
        using var scope = NewDisposeScope();
        var size = videos[0].Size;
        var longest = videos.Max(video => video.Frames);
        var slots = new long[videos.Count * longest];
        var mask = new float[videos.Count * longest];
        var frame = 0;
        for (var b = 0; b < videos.Count; b++)
        {
            if (videos[b].Size != size)
                throw new ArgumentException($"Frames of {videos[b].Size} and of {size} cannot be in one batch.", nameof(videos));
            for (var t = 0; t < videos[b].Frames; t++)
            {
                slots[b * longest + t] = ++frame;
                mask[b * longest + t] = 1;
            }
        }
        return new VideoBatch(
            videos,
            device,
            tensor(slots).to(device).DetachFromDisposeScope(),
            tensor(mask, [videos.Count, longest]).to(device).DetachFromDisposeScope(),
            frame);
    }

    /// <summary>Some of the frames.</summary>
    /// <param name="first">The first of them, counted from 0.</param>
    /// <param name="count">How many.</param>
    /// <returns>(count, C, H, W), values from 0 to 1.</returns>
    public Tensor Frames(int first, int count)
    {
        using var scope = NewDisposeScope();
        var size = videos[0].Size;
        var pixels = new byte[(long)count * size.Bytes];
        var (done, start) = (0, 0);
        foreach (var video in videos)
        {
            var from = Math.Max(first, start);
            var taken = Math.Min(first + count, start + video.Frames) - from;
            if (taken > 0)
            {
                video.CopyFrames(from - start, pixels.AsSpan(done * size.Bytes, taken * size.Bytes));
                done += taken;
            }
            start += video.Frames;
        }
        return tensor(pixels, [count, size.Height, size.Width, size.Channels])
            .permute(0, 3, 1, 2).contiguous().to(device).to(ScalarType.Float32).div(Brightest).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        Slots.Dispose();
        Mask.Dispose();
        foreach (var video in videos)
            video.Dispose();
    }
}
