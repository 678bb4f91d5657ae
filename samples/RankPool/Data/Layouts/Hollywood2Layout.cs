namespace RankPool.Data.Layouts;

/// <summary>
/// Hollywood2: <c>AVIClips/*.avi</c>, and <c>ClipSets/Class_train.txt</c> and <c>_test.txt</c> with lines <c>name 1|-1</c>. A clip may show
/// several of twelve actions.
/// </summary>
public sealed class Hollywood2Layout : DataSetLayout
{
    /// <summary>The twelve actions.</summary>
    public static IReadOnlyList<string> Actions { get; } =
    [
        "AnswerPhone", "DriveCar", "Eat", "FightPerson", "GetOutCar", "HandShake", "HugPerson", "Kiss", "Run", "SitDown", "SitUp", "StandUp",
    ];

    public override string Name => "hollywood2";

    public override bool MultiLabel => true;

    public override ClipListing List(string root, int split)
    {
        var sets = FindFolder(root, "folder ClipSets", "ClipSets", "Hollywood2/ClipSets");
        var videos = Path.Combine(Path.GetDirectoryName(sets)!, "AVIClips");
        var clips = new SortedDictionary<string, (ClipUse Use, List<int> Labels)>(StringComparer.Ordinal);
        for (var label = 0; label < Actions.Count; label++)
        {
            foreach (var use in (ClipUse[])[ClipUse.Training, ClipUse.Test])
                ReadSet(Path.Combine(sets, $"{Actions[label]}_{(use == ClipUse.Training ? "train" : "test")}.txt"), label, use, clips);
        }
        var listed = clips.Select(clip => new ListedClip(clip.Key, Path.Combine(videos, clip.Key + ".avi"), clip.Value.Labels, clip.Value.Use)).ToList();
        return new ClipListing
        {
            Classes = Actions,
            Clips = [.. listed.Where(clip => File.Exists(clip.Path))],
            Missing = [.. listed.Where(clip => !File.Exists(clip.Path)).Select(clip => new SkippedFile(clip.Path, $"'{clip.Path}' is not there, and ClipSets names it."))],
            Rule = "the split of ClipSets",
        };
    }

    private static void ReadSet(string file, int label, ClipUse use, SortedDictionary<string, (ClipUse Use, List<int> Labels)> clips)
    {
        foreach (var line in Lines(file))
        {
            if (line.Parts is not [var name, "1" or "-1"])
                throw line.Wrong("it must be the name of a clip and 1 or -1");
            if (!clips.TryGetValue(name, out var clip))
                clips.Add(name, clip = (use, []));
            if (clip.Use != use)
                throw line.Wrong("the clip is for training and for testing");
            if (line.Parts[1] == "1" && !clip.Labels.Contains(label))
                clip.Labels.Add(label);
        }
    }
}
