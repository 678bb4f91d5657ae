using RankPool.Data.Decoding;
using RankPool.Data.Layouts;
using RankPool.Data.Reversible;

namespace RankPool.Data.Synthesis;

/// <summary>UCF-Sports: clips without an avi file, clips without jpg frames, names with parentheses, boxes that are missing.</summary>
public sealed class UcfSportsSynthesizer : DataSetSynthesizer
{
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

    public override string Name => "ucf-sports";

    public override string Top => UcfSportsFolders.Top;

    public override int Write(string root, int? clipsPerClass, int seed, CancellationToken interrupted) =>
        ForEach(Plan(clipsPerClass).ToList(), clip => WriteClip(root, clip, seed), interrupted);

    /// <param name="Folder">Its folder.</param>
    /// <param name="Number">Its number in the folder, from 1.</param>
    /// <param name="Count">The number of clips in the folder.</param>
    /// <param name="Scene">Its number in the class, from 0.</param>
    private sealed record PlannedClip(UcfSportsFolder Folder, int Number, int Count, int Scene);

    private static IEnumerable<PlannedClip> Plan(int? clipsPerClass)
    {
        foreach (var folders in UcfSportsFolders.All.GroupBy(folder => folder.Class).Select(group => group.ToList()))
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
        var (scene, video) = Render(motion, clip.Scene, seed);
        var folder = Path.Combine(root, UcfSportsFolders.Top, clip.Folder.Name, UcfSportsFolders.Number(clip.Number));
        var name = FormattableString.Invariant($"{(int)motion + 2000}-{clip.Number}") + (clip.Number % 4 == 1 ? " (1)" : "");
        // The quirks of the real folder: Diving-Side 008-014 have no avi; Golf-Swing-Back and Golf-Swing-Front 002 no jpg.
        var withAvi = clip.Folder.Name != "Diving-Side" || clip.Number <= clip.Count / 2;
        var withJpegs = clip.Folder.Name != "Golf-Swing-Back" && (clip.Folder.Name != "Golf-Swing-Front" || clip.Number != 2);
        var outputs = new List<string>();
        if (withAvi)
            outputs.AddRange([.. Avi, name + ".avi"]);
        if (withJpegs)
            outputs.AddRange(["-q:v", "2", "-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact", name + "_%03d.jpg"]);
        Writing(folder, () =>
        {
            Directory.CreateDirectory(folder);
            Ffmpeg.Encode(backwards ? video.Reversed() : video, folder, outputs);
            if (clip.Number % 3 != 0)
                WriteBoxes(folder, clip, scene, backwards);
        });
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
