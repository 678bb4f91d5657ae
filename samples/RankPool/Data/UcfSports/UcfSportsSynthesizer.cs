using RankPool.Data.Reversible;

namespace RankPool.Data.UcfSports;

/// <summary>
/// Writes rendered scenes as video files in the layout of UCF-Sports, its quirks included: clips without an avi file, clips without jpg
/// frames, names with parentheses, boxes that are missing. Classes come in pairs that show the same scenes, one of them
/// backwards, so that here too order is the cue.
/// </summary>
public static class UcfSportsSynthesizer
{
    private static readonly FrameSize Size = new(96, 72, 3);

    private static readonly IReadOnlyDictionary<string, (Motion Motion, bool Backwards)> Shows =
        new Dictionary<string, (Motion, bool)>
        {
            ["Lifting"] = (Motion.MoveUp, false),
            ["Diving"] = (Motion.MoveUp, true),
            ["Run"] = (Motion.MoveRight, false),
            ["Riding-Horse"] = (Motion.MoveRight, true),
            ["Walk"] = (Motion.Grow, false),
            ["SkateBoarding"] = (Motion.Grow, true),
            ["Swing-Bench"] = (Motion.TurnRight, false),
            ["Swing-SideAngle"] = (Motion.TurnRight, true),
            ["Kicking"] = (Motion.Brighten, false),
            ["Golf-Swing"] = (Motion.Brighten, true),
        };

    /// <summary>Writes the clips, several at once.</summary>
    /// <param name="root">Where the folder <c>ucf action</c> is made; it must not be there yet.</param>
    /// <param name="clipsPerClass">Clips of each class, spread over its folders; the real numbers (150 in all) where null.</param>
    /// <param name="seed">Equal seeds show equal scenes.</param>
    /// <param name="interrupted">Stops between two clips.</param>
    /// <returns>The number of clips.</returns>
    /// <exception cref="DataException">A file cannot be written, or there is no ffmpeg.</exception>
    public static int Write(string root, int? clipsPerClass, int seed, CancellationToken interrupted)
    {
        var clips = Plan(clipsPerClass).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = interrupted };
        try
        {
            Parallel.ForEach(clips, options, clip => WriteClip(root, clip, seed));
        }
        catch (AggregateException exception) when (exception.InnerExceptions.OfType<DataException>().FirstOrDefault() is { } first)
        {
            throw new DataException(first.Message, exception);
        }
        return clips.Count;
    }

    /// <param name="Folder">Its folder.</param>
    /// <param name="Number">Its number in the folder, from 1.</param>
    /// <param name="Count">The number of clips in the folder.</param>
    /// <param name="Scene">Its number in the class, from 0.</param>
    private sealed record PlannedClip(UcfSportsFolder Folder, int Number, int Count, int Scene);

    private static IEnumerable<PlannedClip> Plan(int? clipsPerClass)
    {
        foreach (var folders in UcfSportsLayout.Folders.GroupBy(folder => folder.Class).Select(group => group.ToList()))
        {
            var scene = 0;
            for (var i = 0; i < folders.Count; i++)
            {
                var count = clipsPerClass is { } n ? n / folders.Count + (i < n % folders.Count ? 1 : 0) : folders[i].Clips;
                for (var number = 1; number <= count; number++)
                    yield return new PlannedClip(folders[i], number, count, scene++);
            }
        }
    }

    private static void WriteClip(string root, PlannedClip clip, int seed)
    {
        var (motion, backwards) = Shows[clip.Folder.Class];
        var random = new Random(unchecked((seed * 10_007 + (int)motion) * 10_007 + clip.Scene));
        var scene = Scene.Draw(motion, minFrames: 12, maxFrames: 24, random);
        var video = SceneRenderer.Render(scene, Size, random);

        var folder = Path.Combine(root, UcfSportsLayout.Top, clip.Folder.Name, UcfSportsLayout.Number(clip.Number));
        var name = FormattableString.Invariant($"{(int)motion + 2000}-{clip.Number}") + (clip.Number % 4 == 1 ? " (1)" : "");
        // The quirks of the real folder: Diving-Side 008-014 have no avi; Golf-Swing-Back and Golf-Swing-Front 002 no jpg.
        var withAvi = clip.Folder.Name != "Diving-Side" || clip.Number <= clip.Count / 2;
        var withJpegs = clip.Folder.Name != "Golf-Swing-Back" && (clip.Folder.Name != "Golf-Swing-Front" || clip.Number != 2);
        var outputs = new List<string>();
        if (withAvi)
            outputs.AddRange(["-c:v", "mpeg4", "-q:v", "2", "-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact", name + ".avi"]);
        if (withJpegs)
            outputs.AddRange(["-q:v", "2", "-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact", name + "_%03d.jpg"]);
        try
        {
            Directory.CreateDirectory(folder);
            Ffmpeg.Encode(backwards ? video.Reversed() : video, folder, outputs);
            if (clip.Number % 3 != 0)
                WriteBoxes(folder, clip, scene, backwards);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{folder}' cannot be written: {exception.Message}", exception);
        }
    }

    private static void WriteBoxes(string folder, PlannedClip clip, Scene scene, bool backwards)
    {
        var boxes = Directory.CreateDirectory(Path.Combine(folder, "gt")).FullName;
        var separator = clip.Number % 2 == 0 ? '\t' : ' ';
        var unit = Math.Min(Size.Width, Size.Height);
        for (var t = 0; t < scene.Frames; t++)
        {
            var pose = scene.At(backwards ? scene.Frames - 1 - t : t);
            var side = (int)(2 * pose.Radius * unit);
            int[] box = [(int)(pose.X * Size.Width) - side / 2, (int)(pose.Y * Size.Height) - side / 2, side, side];
            File.WriteAllText(
                Path.Combine(boxes, FormattableString.Invariant($"{t + 1:000}.txt")),
                string.Join(separator, box.Select(value => FormattableString.Invariant($"{value}")).Append(clip.Folder.Name)) + "\n");
        }
    }
}
