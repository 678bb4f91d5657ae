using System.Text.Json;

namespace RankPool.Descriptors;

/// <summary>Files that are there as a whole or not at all, and whose errors name them.</summary>
internal static class DescriptorFiles
{
    /// <summary>Writes a file under another name, brings it to the disk, and moves it into its place.</summary>
    /// <exception cref="DataException">It cannot be written; a file that was there before stays.</exception>
    public static void Write(string file, Action<Stream> write)
    {
        // Two shards may write the same file at the same time.
        var unfinished = FormattableString.Invariant($"{file}.{Environment.MachineName}-{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.unfinished");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            using (var stream = File.Create(unfinished))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, file, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
            throw new DataException($"'{file}' cannot be written: {exception.Message}", exception);
        }
    }

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
