using RankPool.Data;
using RankPool.Data.Reversible;
using RankPool.Networks;
using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Tests;

public class NetworkTests
{
    public static IEnumerable<object[]> Networks => NetworkChoice.All.Select(choice => new object[] { choice.Name });

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_frames_features_do_not_depend_on_the_frames_beside_it(string name)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var choice = NetworkChoice.Of(name);
        var side = choice.LeastFrameSide;
        using var network = choice.Create(new FrameSize(side, side, 3), 16);
        var frames = rand(2, 3, side, side);

        var together = network.call(frames);

        together.shape.ShouldBe([2, choice.FeatureCount ?? 16]);
        Floats(together[0]).ShouldBe(Floats(network.call(frames[..1])), 1e-4);
        network.parameters().All(parameter => parameter.requires_grad).ShouldBeTrue();
    }

    /// <summary>The numbers of weights without the last classifier: 60,965,224 for Caffe's reference model, 61,100,840 and 11,689,512 for torchvision's networks.</summary>
    [Theory]
    [InlineData("caffenet", 60_965_224 - 4097 * 1000)]
    [InlineData("alexnet", 61_100_840 - 4097 * 1000)]
    [InlineData("resnet18", 11_689_512 - 513 * 1000)]
    public void The_published_networks_have_the_published_number_of_weights(string name, long expected)
    {
        using var scope = NewDisposeScope();
        using var network = NetworkChoice.Of(name).Create(new FrameSize(224, 224, 3), 0);

        network.parameters().Sum(parameter => parameter.numel()).ShouldBe(expected);
    }

    [Fact]
    public void Frames_that_are_too_small_or_grey_are_refused()
    {
        Should.Throw<ArgumentException>(() => NetworkChoice.CaffeNet.Create(new FrameSize(66, 67, 3), 0)).Message.ShouldContain("at least 67");
        Should.Throw<ArgumentException>(() => NetworkChoice.TorchvisionResNet18.Create(new FrameSize(64, 64, 1), 0)).Message.ShouldContain("colour");
    }

    [Theory]
    [InlineData(PoolingChoice.Average, null)]
    [InlineData(PoolingChoice.Rank, PoolingChoice.Exact)]
    [InlineData(PoolingChoice.Rank, PoolingChoice.Diagonal)]
    public void Chunks_of_frames_give_the_loss_and_the_gradient_of_all_frames_at_once(string pooling, string? hessian)
    {
        using var scope = NewDisposeScope();
        var videos = ReversibleVideos.Create(1, Evaluation.Test, 1, 1).Evaluation.Take(3).Select(clip => clip.Read()).ToList();
        using var batch = VideoBatch.Of(videos, CPU);
        var (loss, gradients) = Gradient(batch, pooling, hessian, int.MaxValue);

        foreach (var framesPerChunk in (int[])[1, 7, batch.FrameCount - 1, batch.FrameCount])
        {
            var (chunkedLoss, chunked) = Gradient(batch, pooling, hessian, framesPerChunk);

            chunkedLoss.ShouldBe(loss, 1e-5);
            for (var i = 0; i < gradients.Count; i++)
                chunked[i].ShouldBe(gradients[i], 1e-5 * Math.Max(1e-3, gradients[i].Max(x => Math.Abs((double)x))));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(int.MaxValue)]
    public void What_fails_in_the_backward_pass_of_a_pooling_is_an_exception_after_it(int framesPerChunk)
    {
        using var scope = NewDisposeScope();
        var videos = ReversibleVideos.Create(1, Evaluation.Test, 1, 1).Evaluation.Take(1).Select(clip => clip.Read()).ToList();
        using var batch = VideoBatch.Of(videos, CPU);
        using var model = new VideoClassifier(new TinyNet(ReversibleVideos.FrameSize, 16), new FailingPooling(), 10) { FramesPerChunk = framesPerChunk };

        Should.Throw<InvalidOperationException>(() => model.AccumulateGradient(batch, scores => scores.sum())).Message.ShouldBe("kept");
    }

    [Fact]
    public void Frame_level_scores_add_up_and_every_video_weighs_the_same()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var videos = ReversibleVideos.Create(1, Evaluation.Test, 1, 1).Evaluation.Take(3).Select(clip => clip.Read()).ToList();
        using var batch = VideoBatch.Of(videos, CPU);
        using var model = new FrameClassifier(new TinyNet(ReversibleVideos.FrameSize, 16), 10) { FramesPerChunk = 7 };
        var scores = model.call(batch);

        scores.shape.ShouldBe([3, 10]);
        model.Rows(batch).Count.ShouldBe(batch.FrameCount);
        foreach (var (b, video) in videos.Index())
        {
            model.Rows(batch).Where(row => row.Video == b).Sum(row => row.Weight).ShouldBe(1, 1e-6f);
            var sum = zeros(10);
            for (var t = 0; t < video.Frames; t++)
            {
                using var frame = VideoBatch.Of([new VideoInMemory(video.Size, video.FramePixels(t))], CPU);
                sum = sum.add(model.call(frame)[0]);
            }
            Floats(scores[b]).ShouldBe(Floats(sum), 1e-4);
        }
    }

    private sealed class FailingPooling() : TemporalPooling("failing")
    {
        protected override Tensor Pool(Tensor features, Tensor mask) => features.mean([-2]);

        public override void ThrowIfFailed() => throw new InvalidOperationException("kept");
    }

    private static (double Loss, List<float[]> Gradients) Gradient(VideoBatch batch, string pooling, string? hessian, int framesPerChunk)
    {
        using var model = Model(pooling, hessian, framesPerChunk);
        var labels = tensor(Enumerable.Range(0, batch.VideoCount).Select(label => (long)label).ToArray());
        var loss = model.AccumulateGradient(batch, scores => nn.functional.cross_entropy(scores, labels));
        return (loss, [.. model.parameters().Select(parameter => Floats(parameter.grad!))]);
    }

    private static VideoClassifier Model(string pooling, string? hessian, int framesPerChunk)
    {
        manual_seed(3);
        return new VideoClassifier(
            new TinyNet(ReversibleVideos.FrameSize, 16), new PoolingChoice(pooling, hessian).Create(C: 10, epsilon: 0.1), 10)
        {
            FramesPerChunk = framesPerChunk,
        };
    }

    private static float[] Floats(Tensor tensor) => tensor.detach().reshape(-1).contiguous().data<float>().ToArray();
}
