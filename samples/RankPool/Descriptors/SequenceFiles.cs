namespace RankPool.Descriptors;

/// <summary>
/// The files that hold sequences, in an order that is the same on every machine. They are listed as they are needed: no more is held in memory than the names
/// of one folder and of those above it.
/// </summary>
/// <param name="root">The folder that holds them, with folders inside.</param>
/// <param name="list">A text file with the path of a file below <paramref name="root"/> in every line; null for all files with the right endings.</param>
public sealed class SequenceFiles(string root, string? list)
{
    /// <summary>Paths below the folder, with forward slashes.</summary>
    /// <exception cref="DataException">The folder or the list cannot be read.</exception>
    public IEnumerable<string> List() => Guard(() => list is null ? Walk(new DirectoryInfo(root), "", []) : File.ReadLines(list).Where(line => line.Length > 0));

    private static IEnumerable<string> Walk(DirectoryInfo folder, string prefix, IReadOnlyList<string> above)
    {
        var place = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
        if (above.Contains(place))
            throw new DataException($"'{folder.FullName}' is a link to a folder that it lies in.");
        string[] path = [.. above, place];
        foreach (var entry in folder.EnumerateFileSystemInfos().OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if (entry is DirectoryInfo inner)
            {
                foreach (var file in Walk(inner, $"{prefix}{entry.Name}/", path))
                    yield return file;
            }
            else if (SequenceReader.Endings.Contains(entry.Extension, StringComparer.OrdinalIgnoreCase))
            {
                yield return prefix + entry.Name;
            }
        }
    }

    private IEnumerable<string> Guard(Func<IEnumerable<string>> files)
    {
        IEnumerator<string>? enumerator = null;
        try
        {
            while (true)
            {
                try
                {
                    enumerator ??= files().GetEnumerator();
                    if (!enumerator.MoveNext())
                        yield break;
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    throw new DataException($"The sequences in '{list ?? root}' cannot be listed: {exception.Message}", exception);
                }
                yield return enumerator.Current;
            }
        }
        finally
        {
            enumerator?.Dispose();
        }
    }
}
