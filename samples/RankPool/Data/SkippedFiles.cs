namespace RankPool.Data;

/// <summary>A file that was left out, and why.</summary>
public sealed record SkippedFile(string Name, string Reason);

/// <summary>The files that a run with <c>--keep-going</c> has left out. Safe on several threads.</summary>
public sealed class SkippedFiles
{
    private readonly SortedDictionary<string, SkippedFile> files = new(StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<SkippedFile> List
    {
        get
        {
            lock (files)
                return [.. files.Values];
        }
    }

    /// <summary>Adds a file, once.</summary>
    public void Add(SkippedFile file)
    {
        lock (files)
            files.TryAdd(file.Name, file);
    }
}
