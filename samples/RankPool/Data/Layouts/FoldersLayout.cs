using RankPool.Data.Decoding;

namespace RankPool.Data.Layouts;

/// <summary>Any videos: <c>class/video file</c> or <c>class/folder with frames</c>.</summary>
public sealed class FoldersLayout : DataSetLayout
{
    public override string Name => "folders";

    public override ClipListing List(string root, int split)
    {
        RequireFolder(root);
        var classes = Directory.GetDirectories(root).Select(folder => Path.GetFileName(folder)!)
            .Where(name => name[0] != '.').Order(StringComparer.Ordinal).ToList();
        var clips = new List<ListedClip>();
        foreach (var (label, name) in classes.Index())
        {
            var entries = Directory.EnumerateFileSystemEntries(Path.Combine(root, name))
                .Where(entry => Directory.Exists(entry) || ClipOnDisk.IsVideoFile(entry)).Order(StringComparer.Ordinal);
            foreach (var (index, entry) in entries.Index())
                clips.Add(new ListedClip($"{name}/{Path.GetFileName(entry)}", entry, [label], ClipListing.ByThirds(index)));
        }
        if (clips.Count == 0)
            throw new DataException($"'{root}' holds no clip: there is no 'class/video.avi' and no 'class/folder with frames' in it.");
        return new ClipListing { Classes = classes, Clips = clips, Rule = "every third clip of a class, from its second on, for testing" };
    }
}
