using System.Text.Json;
using RankPool.Files;

namespace RankPool.Descriptors;

/// <summary>The files of descriptors in the making, whose errors name them.</summary>
internal static class DescriptorFiles
{
    /// <summary>Writes a file; two shards may write the same one at the same time.</summary>
    /// <exception cref="DataException">It cannot be written; a file that was there before stays.</exception>
    public static void Write(string file, Action<Stream> write) => AtomicFile.Write(
        file, write, FormattableString.Invariant($".{Environment.MachineName}-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.unfinished"));

    /// <summary>Reads a file of this program.</summary>
    /// <exception cref="DataException">It cannot be read.</exception>
    public static T Read<T>(string file, Func<string, T> read)
    {
        try
        {
            return read(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            throw new DataException($"'{file}' cannot be read; delete it, and run 'rankpool pool' again: {exception.Message}", exception);
        }
    }
}
