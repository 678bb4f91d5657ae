using RankPool.Data.Layouts;

namespace RankPool.Data.Synthesis;

/// <summary>Hollywood2: twelve actions; every third clip shows a second action after the first. Of the files with shot boundaries, some are empty.</summary>
public sealed class Hollywood2Synthesizer : DataSetSynthesizer
{
    private const int StandardClips = 6;

    public override string Name => "hollywood2";

    public override string Top => "AVIClips";

    public override int Write(string root, int? clipsPerClass, int seed, CancellationToken interrupted)
    {
        var clips = Plan(clipsPerClass ?? StandardClips);
        foreach (var (label, action) in Hollywood2Layout.Actions.Index())
        {
            foreach (var set in (string[])["train", "test"])
            {
                // Two spaces, as in the real files.
                WriteLines(Path.Combine(root, "ClipSets", $"{action}_{set}.txt"), clips.Where(clip => clip.Set == set)
                    .Select(clip => $"{clip.Name}  {(clip.Labels.Contains(label) ? "1" : "-1")}"));
            }
        }
        return ForEach(clips, clip =>
        {
            var parts = clip.Labels.Select(label => RenderClass(label, clip.Number, seed)).ToList();
            WriteVideo(Path.Combine(root, Top, clip.Name + ".avi"), new VideoInMemory(Size, [.. parts.SelectMany(part => part.Pixels)]));
            WriteLines(Path.Combine(root, "ShotBounds", clip.Name + ".sht"), parts.Count == 1 ? [] : [FormattableString.Invariant($"{parts[0].Frames}")]);
        }, interrupted);
    }

    private static List<PlannedClip> Plan(int clipsPerClass)
    {
        var clips = new List<PlannedClip>();
        var counts = new Dictionary<string, int>();
        for (var number = 0; number < clipsPerClass; number++)
        {
            for (var label = 0; label < Hollywood2Layout.Actions.Count; label++)
            {
                var set = number % 2 == 0 ? "train" : "test";
                int[] labels = (number + label) % 3 == 2 ? [label, (label + 5) % Hollywood2Layout.Actions.Count] : [label];
                counts[set] = counts.GetValueOrDefault(set) + 1;
                clips.Add(new PlannedClip(FormattableString.Invariant($"actionclip{set}{counts[set]:00000}"), set, number, labels));
            }
        }
        return clips;
    }

    private sealed record PlannedClip(string Name, string Set, int Number, int[] Labels);
}
