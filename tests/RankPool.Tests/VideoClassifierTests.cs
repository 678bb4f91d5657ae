using RankPool.Data;
using RankPool.Data.Reversible;
using RankPool.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Tests;

public class VideoClassifierTests
{
    public static TheoryData<PoolingChoice> Compared { get; } = [.. PoolingChoice.All];

    [Fact]
    public void A_batch_holds_every_frame_once_and_knows_where_it_belongs()
    {
        using var scope = NewDisposeScope();
        var size = new FrameSize(2, 1, 3);
        using var batch = VideoBatch.Of([new VideoInMemory(size, [0, 51, 102, 153, 204, 255]), new VideoInMemory(size, [.. Enumerable.Range(0, 12).Select(i => (byte)i)])], CPU);

        batch.FrameCount.ShouldBe(3);
        batch.Frames(0, 3).shape.ShouldBe([3, 3, 1, 2]);
        // Channels come before rows and columns, and 255 is 1.
        batch.Frames(0, 1)[0].reshape(-1).data<float>().ToArray().ShouldBe([0f, 0.6f, 0.2f, 0.8f, 0.4f, 1f], 1e-6);
        batch.Slots.data<long>().ToArray().ShouldBe([1, 0, 2, 3]);
        batch.Mask.reshape(-1).data<float>().ToArray().ShouldBe([1f, 0f, 1f, 1f]);
    }

    [Fact]
    public void Videos_of_two_frame_sizes_are_not_one_batch() =>
        Should.Throw<ArgumentException>(() => VideoBatch.Of(
            [new VideoInMemory(new FrameSize(2, 1, 1), new byte[2]), new VideoInMemory(new FrameSize(1, 1, 1), new byte[1])], CPU));

    [Theory]
    [MemberData(nameof(PoolingTests.Choices), MemberType = typeof(PoolingTests))]
    public void A_ragged_batch_scores_like_its_videos_one_by_one(PoolingChoice choice)
    {
        using var scope = NewDisposeScope();
        var videos = Videos(scenes: 1);
        using var model = Model(choice);
        using var batch = VideoBatch.Of(videos, CPU);
        var together = model.call(batch);

        for (var i = 0; i < videos.Count; i++)
        {
            using var single = VideoBatch.Of([videos[i]], CPU);
            Floats(together[i]).ShouldBe(Floats(model.call(single)), 1e-4);
        }
    }

    /// <summary>The construction behind the whole comparison: whatever the weights, order-blind vectors of a video and of its reversal are one.</summary>
    [Theory]
    [MemberData(nameof(Compared))]
    public void Only_poolings_that_see_order_tell_a_video_from_its_reversal(PoolingChoice choice)
    {
        using var scope = NewDisposeScope();
        using var model = Model(choice);
        foreach (var video in Videos(scenes: 2))
        {
            using var forwards = VideoBatch.Of([video], CPU);
            using var backwards = VideoBatch.Of([video.Reversed()], CPU);
            var (a, b) = (Floats(model.Pool(forwards)), Floats(model.Pool(backwards)));
            if (choice.Pooling is PoolingChoice.Average or PoolingChoice.Max)
                a.ShouldBe(b, 1e-6);
            else
                a.Zip(b, (x, y) => Math.Abs((double)x - y)).Max().ShouldBeGreaterThan(0.01);
        }
    }

    private static List<VideoInMemory> Videos(int scenes) =>
        [.. ReversibleVideos.Create(1, Evaluation.Test, 1, scenes).Evaluation.Where(clip => clip.Label % 2 == 0).Select(clip => (VideoInMemory)clip.Read())];

    private static VideoClassifier Model(PoolingChoice choice)
    {
        manual_seed(7);
        return new VideoClassifier(
            new TinyNet(ReversibleVideos.FrameSize, 16), choice.Create(C: 10, epsilon: 0.1), 10);
    }

    private static float[] Floats(Tensor tensor) => tensor.detach().reshape(-1).contiguous().data<float>().ToArray();
}
