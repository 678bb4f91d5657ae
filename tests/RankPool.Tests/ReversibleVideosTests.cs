using RankPool.Data;
using RankPool.Data.Reversible;

namespace RankPool.Tests;

public class ReversibleVideosTests
{
    [Theory]
    [InlineData(Evaluation.Test)]
    [InlineData(Evaluation.Validation)]
    public void Every_video_stands_beside_its_reversal_bit_by_bit_under_the_twin_label(Evaluation evaluation)
    {
        var data = ReversibleVideos.Create(seed: 3, evaluation, trainingScenes: 2, evaluationScenes: 3);

        data.Training.Count.ShouldBe(2 * 5 * 2);
        data.Evaluation.Count.ShouldBe(2 * 5 * 3);
        foreach (var pair in data.Training.Concat(data.Evaluation).Chunk(2))
        {
            var (video, twin) = (pair[0].Read(), pair[1].Read());
            pair[1].Label.ShouldBe(pair[0].Label ^ 1);
            twin.Frames.ShouldBe(video.Frames);
            for (var t = 0; t < video.Frames; t++)
                twin.FramePixels(t).SequenceEqual(video.FramePixels(video.Frames - 1 - t)).ShouldBeTrue($"{pair[0].Name}, frame {t}");
            video.FramePixels(0).SequenceEqual(video.FramePixels(video.Frames - 1)).ShouldBeFalse();
        }
        data.Evaluation.GroupBy(clip => clip.Label).ShouldAllBe(group => group.Count() == 3);
    }

    [Fact]
    public void Videos_differ_in_length()
    {
        var lengths = ReversibleVideos.Create(0, Evaluation.Test, 4, 4).Training.Select(clip => clip.Read().Frames).ToHashSet();

        lengths.Count.ShouldBeGreaterThan(3);
        lengths.Min().ShouldBeGreaterThanOrEqualTo(8);
        lengths.Max().ShouldBeLessThanOrEqualTo(20);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    [InlineData("ar-SA")]
    public void Equal_seeds_give_equal_videos_in_every_culture(string culture)
    {
        var expected = Pixels(seed: 5, Evaluation.Test);

        using var _ = new Culture(culture);

        Pixels(seed: 5, Evaluation.Test).ShouldBe(expected);
    }

    [Fact]
    public void Seeds_and_splits_share_no_video()
    {
        var videos = new[] { Pixels(5, Evaluation.Test), Pixels(5, Evaluation.Validation), Pixels(6, Evaluation.Test) };
        var training = ReversibleVideos.Create(5, Evaluation.Test, 2, 2).Training.Select(Hex);

        videos.SelectMany(pixels => pixels).Concat(training).ShouldBeUnique();
    }

    [Fact]
    public void Scenes_show_what_their_class_says()
    {
        // Rendered without noise: the lit area and its centre, measured on the pixels of the first and the last frame.
        foreach (var motion in Enum.GetValues<Motion>())
        {
            for (var seed = 0; seed < 10; seed++)
            {
                var random = new Random(seed);
                var scene = Scene.Draw(motion, 8, 20, random) with { Noise = 0, SlopeX = 0, SlopeY = 0 };
                var video = SceneRenderer.Render(scene, new FrameSize(48, 48, 1), random);
                var (first, last) = (Measure(video, 0), Measure(video, video.Frames - 1));
                switch (motion)
                {
                    case Motion.Grow: last.Light.ShouldBeGreaterThan(first.Light * 1.5); break;
                    case Motion.MoveRight: last.X.ShouldBeGreaterThan(first.X + 8); break;
                    case Motion.MoveUp: last.Y.ShouldBeLessThan(first.Y - 8); break;
                    // The hand's tip passes from the left to the right above its centre.
                    case Motion.TurnRight: last.X.ShouldBeGreaterThan(first.X + 4); break;
                    case Motion.Brighten: last.Light.ShouldBeGreaterThan(first.Light * 2); break;
                }
            }
        }
    }

    [Fact]
    public void Colour_frames_have_three_channels_and_grey_frames_one()
    {
        var scene = Scene.Draw(Motion.Grow, 8, 8, new Random(1));

        SceneRenderer.Render(scene, new FrameSize(20, 10, 3), new Random(2)).Pixels.Length.ShouldBe(8 * 20 * 10 * 3);
        SceneRenderer.Render(scene, new FrameSize(20, 10, 1), new Random(2)).Pixels.Length.ShouldBe(8 * 20 * 10);
    }

    [Fact]
    public void A_video_is_a_positive_number_of_whole_frames()
    {
        Should.Throw<ArgumentException>(() => new VideoInMemory(new FrameSize(2, 2, 1), []));
        Should.Throw<ArgumentException>(() => new VideoInMemory(new FrameSize(2, 2, 1), new byte[6]));
        new VideoInMemory(new FrameSize(2, 1, 1), [1, 2, 3, 4, 5, 6]).Reversed().Pixels.ShouldBe([5, 6, 3, 4, 1, 2]);
    }

    private static (double Light, double X, double Y) Measure(VideoInMemory video, int t)
    {
        var frame = video.FramePixels(t);
        var background = frame.ToArray().Min();
        var (light, x, y) = (0.0, 0.0, 0.0);
        for (var i = 0; i < frame.Length; i++)
        {
            double value = frame[i] - background;
            light += value;
            x += value * (i % video.Size.Width);
            y += value * (i / video.Size.Width);
        }
        return (light, x / light, y / light);
    }

    private static List<string> Pixels(int seed, Evaluation evaluation) =>
        [.. ReversibleVideos.Create(seed, evaluation, 2, 2).Evaluation.Select(Hex)];

    private static string Hex(Clip clip) => Convert.ToHexString(clip.Read().AllPixels());
}
