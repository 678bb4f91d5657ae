using TorchSharp;
using RankPool.Data;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>
/// Videos of different lengths as one input: the frames of all of them one after the other, and where each belongs
/// in the padded batch. Padding is never computed by the frame network.
/// </summary>
public sealed class VideoBatch : IDisposable
{
    private static readonly Scalar Brightest = 255.0;

    private VideoBatch(Tensor frames, Tensor slots, Tensor mask, int frameCount) =>
        (Frames, Slots, Mask, FrameCount) = (frames, slots, mask, frameCount);

    /// <summary>(ΣT, C, H, W), values from 0 to 1.</summary>
    public Tensor Frames { get; }

    /// <summary>(B · T), for every place of the padded batch the number of its frame counted from 1, and 0 for padding.</summary>
    public Tensor Slots { get; }

    /// <summary>(B, T), 1 for a frame and 0 for padding.</summary>
    public Tensor Mask { get; }

    /// <summary>Puts videos of one frame size into a batch on a device.</summary>
    public static VideoBatch Of(IReadOnlyList<Video> videos, Device device)
    {
        using var scope = NewDisposeScope();
        var size = videos[0].Size;
        var longest = videos.Max(video => video.Frames);
        var count = videos.Sum(video => video.Frames);
        var pixels = new byte[count * size.Bytes];
        var slots = new long[videos.Count * longest];
        var mask = new float[videos.Count * longest];
        var frame = 0;
        for (var b = 0; b < videos.Count; b++)
        {
            if (videos[b].Size != size)
                throw new ArgumentException($"Frames of {videos[b].Size} and of {size} cannot be in one batch.", nameof(videos));
            videos[b].Pixels.CopyTo(pixels, frame * size.Bytes);
            for (var t = 0; t < videos[b].Frames; t++)
            {
                slots[b * longest + t] = ++frame;
                mask[b * longest + t] = 1;
            }
        }
        var frames = tensor(pixels, [count, size.Height, size.Width, size.Channels])
            .permute(0, 3, 1, 2).contiguous().to(device).to(ScalarType.Float32).div(Brightest);
        return new VideoBatch(
            frames.DetachFromDisposeScope(),
            tensor(slots).to(device).DetachFromDisposeScope(),
            tensor(mask, [videos.Count, longest]).to(device).DetachFromDisposeScope(),
            count);
    }

    /// <summary>Frames of all videos together, ΣT.</summary>
    public int FrameCount { get; }

    public void Dispose()
    {
        Frames.Dispose();
        Slots.Dispose();
        Mask.Dispose();
    }
}
