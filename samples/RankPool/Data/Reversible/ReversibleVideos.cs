namespace RankPool.Data.Reversible;

/// <summary>
/// The embedded data set, in which order is the only cue: every scene is there twice, once as rendered and once with the
/// same frames, bit by bit, in reverse order, and the two carry different labels. Whatever ignores order sees the
/// two as one, and is wrong about one of them.
/// </summary>
public static class ReversibleVideos
{
    public const string Name = "reversible";

    private static readonly Motion[] Motions = [Motion.Grow, Motion.MoveRight, Motion.MoveUp, Motion.TurnRight, Motion.Brighten];

    /// <summary>Classes 2m and 2m + 1 are motion m and its reversal.</summary>
    public static IReadOnlyList<string> Classes { get; } =
        ["grow", "shrink", "move-right", "move-left", "move-up", "move-down", "turn-right", "turn-left", "brighten", "darken"];

    public static FrameSize FrameSize { get; } = new(24, 24, 1);

    /// <summary>Renders the data set of a seed. Training, validation and test scenes are drawn independently.</summary>
    /// <param name="seed">Equal seeds give equal videos.</param>
    /// <param name="evaluation">Which videos to judge on.</param>
    /// <param name="trainingScenes">Scenes per motion for training; each gives two videos.</param>
    /// <param name="evaluationScenes">Scenes per motion to judge on; each gives two videos.</param>
    public static VideoDataSet Create(int seed, Evaluation evaluation, int trainingScenes, int evaluationScenes)
    {
        var training = Render(seed, "training", stream: 0, trainingScenes);
        var judged = evaluation == Evaluation.Test
            ? Render(seed, "test", stream: 1, evaluationScenes)
            : Render(seed, "validation", stream: 2, evaluationScenes);
        return new VideoDataSet
        {
            Name = Name,
            Classes = Classes,
            FrameSize = FrameSize,
            Training = training,
            Evaluation = judged,
            Split = FormattableString.Invariant(
                $"{training.Count} training and {judged.Count} {evaluation.ToString().ToLowerInvariant()} videos rendered from seed {seed}, each beside its reversal"),
            OnDisk = false,
            OrderBlindCeiling = 0.5,
        };
    }

    private static List<Clip> Render(int seed, string split, int stream, int scenesPerMotion)
    {
        var random = new Random(unchecked(seed * 3 + stream));
        var clips = new List<Clip>();
        for (var number = 0; number < scenesPerMotion; number++)
        {
            foreach (var motion in Motions)
            {
                var video = SceneRenderer.Render(Scene.Draw(motion, minFrames: 8, maxFrames: 20, random), FrameSize, random);
                var label = 2 * (int)motion;
                var name = FormattableString.Invariant($"{split} scene {clips.Count / 2}");
                clips.Add(new RenderedClip(name, label, video));
                clips.Add(new RenderedClip(name + " reversed", label + 1, video.Reversed()));
            }
        }
        return clips;
    }

    private sealed record RenderedClip(string Name, int OnlyLabel, Video Video) : Clip(Name, [OnlyLabel])
    {
        public override Video Read() => Video;
    }
}
