namespace RankPool.Files;

/// <summary>Writes files as a whole or not at all: whoever is stopped, or finds the disk full, leaves the earlier file as it was.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="file">Its name. Folders on the way are made.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="ending">What the unfinished file's name ends in; of its own, where several processes may write the same file.</param>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write(string file, Action<Stream> write, string ending = ".unfinished")
    {
        var unfinished = file + ending;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            try
            {
                using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
                {
                    write(stream);
                    stream.Flush(flushToDisk: true);
                }
                File.Move(unfinished, file, overwrite: true);
            }
            catch
            {
                File.Delete(unfinished);
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{file}' cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Writes text as UTF-8.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public static void Write(string file, string text) => Write(file, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
