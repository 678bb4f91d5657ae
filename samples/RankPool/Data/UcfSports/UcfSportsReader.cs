using System.Globalization;

namespace RankPool.Data.UcfSports;

/// <summary>Finds the clips of a UCF-Sports folder and divides them. Nothing is decoded before it is used.</summary>
public static class UcfSportsReader
{
    public const string Name = "ucf-sports";

    private static readonly EnumerationOptions AnyCase = new() { MatchCasing = MatchCasing.CaseInsensitive };

    /// <summary>Reads the folder's structure.</summary>
    /// <param name="root">The folder <c>ucf action</c> or one that holds it.</param>
    /// <param name="size">The size that frames get.</param>
    /// <param name="evaluation">Which clips to judge on.</param>
    /// <exception cref="DataException">The folder is not of that layout, a clip has no frames, or the classes are too small to be divided.</exception>
    public static VideoDataSet Read(string root, FrameSize size, Evaluation evaluation)
    {
        var found = Find(root);
        var classes = found.Select(clip => clip.Folder.Class).Distinct().ToList();
        if (classes.Count < 2)
            throw new DataException($"'{root}' holds clips of {classes[0]} only; at least two classes are needed.");
        var lan = UcfSportsLayout.Folders.All(folder =>
            Enumerable.Range(1, folder.Clips).All(number => found.Any(clip => clip.Folder == folder && clip.Number == number)));

        var (training, test) = (new List<FoundClip>(), new List<FoundClip>());
        foreach (var (index, clip) in found.GroupBy(clip => clip.Folder.Class).SelectMany(group => group.Index()))
        {
            // Without all 150 clips, every class gives each third clip to the test set, starting with its second.
            var isTest = lan ? clip.Number <= clip.Folder.TestClips : index % 3 == 1;
            (isTest ? test : training).Add(clip);
        }
        var split = lan ? "the split of Lan et al." : "every third clip of a class, from its second on, for testing, because clips of the split of Lan et al. are missing";
        var judged = test;
        if (evaluation == Evaluation.Validation)
        {
            // Test clips stay unseen; every class gives each fourth training clip, starting with its second.
            var held = training.GroupBy(clip => clip.Folder.Class)
                .SelectMany(group => group.Where((_, index) => index % 4 == 1)).ToHashSet();
            judged = [.. training.Where(held.Contains)];
            training = [.. training.Where(clip => !held.Contains(clip))];
            split += "; every fourth training clip of a class, from its second on, held out for validation";
        }
        RequireEveryClass(classes, training, "training", root);
        RequireEveryClass(classes, judged, evaluation.ToString().ToLowerInvariant(), root);

        Clip Labelled(FoundClip clip) => new ClipFolder(clip.Path, classes.IndexOf(clip.Folder.Class), size);
        return new VideoDataSet
        {
            Name = Name,
            Classes = classes,
            FrameSize = size,
            Training = [.. training.Select(Labelled)],
            Evaluation = [.. judged.Select(Labelled)],
            Split = FormattableString.Invariant(
                $"{training.Count} training and {judged.Count} {evaluation.ToString().ToLowerInvariant()} clips: {split}"),
            OnDisk = true,
        };
    }

    private static List<FoundClip> Find(string root)
    {
        if (!Directory.Exists(root))
            throw new DataException($"The folder '{root}' does not exist.");
        string[] candidates = [root, Path.Combine(root, UcfSportsLayout.Top)];
        var top = candidates.FirstOrDefault(candidate =>
            UcfSportsLayout.Folders.Any(folder => Directory.Exists(Path.Combine(candidate, folder.Name))))
            ?? throw new DataException(
                $"'{root}' is not a UCF-Sports folder: neither it nor '{UcfSportsLayout.Top}' in it holds a folder such as 'Diving-Side'.");

        var clips = new List<FoundClip>();
        foreach (var folder in UcfSportsLayout.Folders)
        {
            var path = Path.Combine(top, folder.Name);
            if (!Directory.Exists(path))
                continue;
            clips.AddRange(
                from clip in Directory.EnumerateDirectories(path)
                let name = Path.GetFileName(clip)
                where name.Length == 3 && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                orderby name
                select new FoundClip(folder, int.Parse(name, CultureInfo.InvariantCulture), clip));
        }
        if (clips.Count == 0)
            throw new DataException($"'{top}' holds no clip: there is no folder such as 'Diving-Side/001'.");
        return clips;
    }

    private static void RequireEveryClass(IReadOnlyList<string> classes, IReadOnlyList<FoundClip> clips, string use, string root)
    {
        var missing = classes.FirstOrDefault(name => clips.All(clip => clip.Folder.Class != name));
        if (missing is not null)
            throw new DataException($"'{root}' has too few clips of {missing}: none is left for {use}.");
    }

    private sealed record FoundClip(UcfSportsFolder Folder, int Number, string Path);

    /// <summary>A clip: its avi file, or where there is none its jpg frames.</summary>
    private sealed record ClipFolder(string Path, int Label, FrameSize Size) : Clip(Path, Label)
    {
        public override Video Read()
        {
            if (Files("*.avi").FirstOrDefault() is { } avi)
                return Ffmpeg.Decode(avi, Size);
            var jpegs = Files("*.jpg");
            if (jpegs.Count == 0)
                throw new DataException($"'{Path}' holds neither an avi file nor jpg frames.");
            return Ffmpeg.DecodeJpegs(Path, jpegs, Size);
        }

        // Shorter names first: "frame (2).jpg" comes before "frame (10).jpg".
        private List<string> Files(string pattern) =>
            [.. Directory.EnumerateFiles(Path, pattern, AnyCase).OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal)];
    }
}
