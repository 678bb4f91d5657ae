using System.Globalization;

namespace RankPool.Data.Layouts;

/// <summary>UCF-Sports: see <see cref="UcfSportsFolders"/>.</summary>
public sealed class UcfSportsLayout : DataSetLayout
{
    public override string Name => "ucf-sports";

    public override ClipListing List(string root, int split)
    {
        var found = Find(root);
        var classes = found.Select(clip => clip.Folder.Class).Distinct().ToList();
        var missing = (
            from folder in UcfSportsFolders.All
            from number in Enumerable.Range(1, folder.Clips)
            where !found.Any(clip => clip.Folder == folder && clip.Number == number)
            select $"{folder.Name}/{UcfSportsFolders.Number(number)}").ToList();
        var clips = new List<ListedClip>();
        foreach (var (index, clip) in found.GroupBy(clip => clip.Folder.Class).SelectMany(group => group.Index()))
        {
            var use = missing.Count > 0 ? ClipListing.ByThirds(index) : clip.Number <= clip.Folder.TestClips ? ClipUse.Test : ClipUse.Training;
            clips.Add(new ListedClip(
                $"{clip.Folder.Name}/{Path.GetFileName(clip.Path)}", clip.Path, [classes.IndexOf(clip.Folder.Class)], use));
        }
        return new ClipListing
        {
            Classes = classes,
            Clips = clips,
            Rule = missing.Count == 0
                ? "the split of Lan et al."
                : "every third clip of a class, from its second on, for testing, because clips of the split of Lan et al. are missing"
                    + FormattableString.Invariant($" ({missing.Count} of 150, the first is {missing[0]})"),
        };
    }

    private static List<FoundClip> Find(string root)
    {
        RequireFolder(root);
        string[] candidates = [root, Path.Combine(root, UcfSportsFolders.Top)];
        var top = candidates.FirstOrDefault(candidate =>
            UcfSportsFolders.All.Any(folder => Directory.Exists(Path.Combine(candidate, folder.Name))))
            ?? throw new DataException(
                $"'{root}' is not a UCF-Sports folder: neither it nor '{UcfSportsFolders.Top}' in it holds a folder such as 'Diving-Side'.");

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
