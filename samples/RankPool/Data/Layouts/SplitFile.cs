namespace RankPool.Data.Layouts;

/// <summary>
/// A split of the user's: lines <c>path train</c> or <c>path test</c>, the path below the folder with the clips (<c>Diving-Side/001</c>). Blank lines and lines that start with '#'
/// say nothing; clips that no line names are not used.
/// </summary>
public static class SplitFile
{
    /// <summary>Divides the clips of a listing anew.</summary>
    /// <exception cref="DataException">A line is wrong; the message names it.</exception>
    public static ClipListing Apply(ClipListing listing, string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"The split file '{file}' cannot be read: {exception.Message}", exception);
        }
        var known = listing.Clips.ToDictionary(clip => clip.Key);
        var divided = new Dictionary<string, ListedClip>();
        foreach (var (index, text) in lines.Index())
        {
            var line = new TextLine(file, index + 1, text.Trim());
            if (line.Text.Length == 0 || line.Text[0] == '#')
                continue;
            var (path, word) = line.SplitLast();
            ClipUse use = word switch
            {
                "train" => ClipUse.Training,
                "test" => ClipUse.Test,
                _ => throw line.Wrong("it must end with 'train' or 'test'"),
            };
            if (!known.TryGetValue(path, out var clip))
                throw line.Wrong("there is no such clip" + (known.Count > 0 ? $"; the first one is called '{listing.Clips[0].Key}'" : ""));
            if (!divided.TryAdd(path, clip with { Use = use }))
                throw line.Wrong("an earlier line names the same clip");
        }
        return listing with { Clips = [.. divided.Values], Missing = [], Rule = $"the split of '{file}'" };
    }
}
