using System.Globalization;

namespace RankPool.Data.Layouts;

/// <summary>UCF-Sports: see <see cref="UcfSportsFolders"/>.</summary>
public sealed class UcfSportsLayout : DataSetLayout
{
    /// <summary>Where more clips are missing, a folder is a part of the data set or an imitation, and is divided by a rule.</summary>
    private const int MostMissing = 15;

    public override string Name => "ucf-sports";

    public override ClipListing List(string root, int split)
    {
        var top = FindTop(root);
        var found = Find(top);
        var missing = (
            from folder in UcfSportsFolders.All
            from number in Enumerable.Range(1, folder.Clips)
            where !found.Any(clip => clip.Folder == folder && clip.Number == number)
            select $"{folder.Name}/{UcfSportsFolders.Number(number)}").ToList();
        // Nearly all clips are the real data set, whose split is not changed because some are missing.
        var official = missing.Count <= MostMissing;
        var classes = (official ? UcfSportsFolders.All : found.Select(clip => clip.Folder)).Select(folder => folder.Class).Distinct().ToList();
        var clips = new List<ListedClip>();
        foreach (var (index, clip) in found.GroupBy(clip => clip.Folder.Class).SelectMany(group => group.Index()))
        {
            var use = !official ? ClipListing.ByThirds(index) : clip.Number <= clip.Folder.TestClips ? ClipUse.Test : ClipUse.Training;
            clips.Add(new ListedClip(
                $"{clip.Folder.Name}/{Path.GetFileName(clip.Path)}", clip.Path, [classes.IndexOf(clip.Folder.Class)], use));
        }
        return new ClipListing
        {
            Classes = classes,
            Clips = clips,
            Missing = official ? [.. missing.Select(key => Missing(Path.Combine(top, key)))] : [],
            Rule = official
                ? "the split of Lan et al."
                : "every third clip of a class, from its second on, for testing, because only"
                    + FormattableString.Invariant($" {UcfSportsFolders.All.Sum(folder => folder.Clips) - missing.Count} of the {UcfSportsFolders.All.Sum(folder => folder.Clips)} clips that the split of Lan et al. divides are there (the first that is missing is {missing[0]})"),
        };
    }

    private static SkippedFile Missing(string path) => new(path, $"'{path}' is not there, and the split of Lan et al. names it.");

    private static string FindTop(string root)
    {
        RequireFolder(root);
        string[] candidates = [root, Path.Combine(root, UcfSportsFolders.Top)];
        return candidates.FirstOrDefault(candidate => UcfSportsFolders.All.Any(folder => Directory.Exists(Path.Combine(candidate, folder.Name))))
            ?? throw new DataException(
                $"'{root}' is not a UCF-Sports folder: neither it nor '{UcfSportsFolders.Top}' in it holds a folder such as 'Diving-Side'.");
    }

    private static List<FoundClip> Find(string top)
    {
        var clips = new List<FoundClip>();
        foreach (var folder in UcfSportsFolders.All)
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

    private sealed record FoundClip(UcfSportsFolder Folder, int Number, string Path);
}
