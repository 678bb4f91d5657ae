using System.Security.Cryptography;
using System.Text;

namespace RankPool.Data.Decoding;

/// <summary>
/// Keeps the decoded and resized frames of clips in a folder, so that every clip is decoded once and not once an epoch, while its frames are in memory only
/// when they are used. What does not fit into the size that the folder may have is decoded again each time: every epoch reads every clip once, in another order, so
/// throwing one out for another would gain nothing.
/// </summary>
public sealed class FrameCache : IDisposable
{
    private const string Ending = ".frames";
    private const string TemporaryPrefix = "rankpool-frames-";
    private const string MarkName = "in-use";

    private readonly string folder;

    /// <summary>A file in a temporary folder that this process holds locked; the system lets go of it when the process is killed. Null in a folder that stays.</summary>
    private readonly FileStream? mark;

    private readonly long mostBytes;
    private readonly Lock accounts = new();
    private readonly HashSet<string> used = [];
    private long bytes;

    /// <param name="folder">The folder; one that goes with this object where null.</param>
    /// <param name="mostBytes">The size that the folder may have.</param>
    /// <exception cref="DataException">The folder cannot be made.</exception>
    public FrameCache(string? folder, long mostBytes)
    {
        this.mostBytes = mostBytes;
        try
        {
            if (folder is null)
            {
                RemoveAbandoned();
                this.folder = Directory.CreateTempSubdirectory(TemporaryPrefix).FullName;
                mark = new FileStream(Path.Combine(this.folder, MarkName), FileMode.CreateNew, FileAccess.Write, FileShare.None);
            }
            else
            {
                this.folder = Directory.CreateDirectory(folder).FullName;
            }
            // What a killed process has left; one that is at work writes its files within a day.
            foreach (var left in new DirectoryInfo(this.folder).GetFiles("*.unfinished").Where(file => file.LastWriteTimeUtc < DateTime.UtcNow.AddDays(-1)))
                left.Delete();
            bytes = new DirectoryInfo(this.folder).EnumerateFiles("*" + Ending).Sum(file => file.Length);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"Decoded frames cannot be kept in '{folder ?? Path.GetTempPath()}': {exception.Message}", exception);
        }
    }

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>The same data set, whose clips are decoded the first time that they are read.</summary>
    public VideoDataSet Of(VideoDataSet data)
    {
        IReadOnlyList<Clip> Kept(IReadOnlyList<Clip> clips) =>
            [.. clips.Select(clip => clip is EncodedClip encoded ? new KeptClip(this, encoded) : clip)];
        return data with { Training = Kept(data.Training), Evaluation = Kept(data.Evaluation) };
    }

    public void Dispose()
    {
        if (mark is null)
            return;
        mark.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Deletes the temporary folders of processes that were killed.</summary>
    private static void RemoveAbandoned()
    {
        foreach (var left in Directory.GetDirectories(Path.GetTempPath(), TemporaryPrefix + "*"))
        {
            try
            {
                var mark = Path.Combine(left, MarkName);
                // A young one may not be locked yet.
                if (!File.Exists(mark) || File.GetLastWriteTimeUtc(mark) > DateTime.UtcNow.AddMinutes(-1))
                    continue;
                using (new FileStream(mark, FileMode.Open, FileAccess.Write, FileShare.None))
                    Directory.Delete(left, recursive: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // A process works with it, or it is another user's.
            }
        }
    }

    private Video Read(EncodedClip clip)
    {
        var file = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(clip.Version)))[..32] + Ending);
        lock (accounts)
            used.Add(file);
        if (File.Exists(file))
            return VideoInFile.Open(clip.Size, file);
        var unfinished = $"{file}-{Guid.NewGuid():N}.unfinished";
        try
        {
            long length;
            using (var frames = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                clip.Decode(frames);
                length = frames.Length;
            }
            if (!Admit(length))
                return VideoInFile.Open(clip.Size, unfinished, deleteOnClose: true);
            File.Move(unfinished, file, overwrite: true);
            return VideoInFile.Open(clip.Size, file);
        }
        catch (Exception exception)
        {
            File.Delete(unfinished);
            if (exception is IOException or UnauthorizedAccessException)
                throw new DataException($"Decoded frames cannot be kept in '{folder}' (--cache names another place): {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>Makes room for a file by deleting files of earlier runs, the oldest first; false where there is none.</summary>
    private bool Admit(long length)
    {
        lock (accounts)
        {
            if (bytes + length > mostBytes)
            {
                var others = new DirectoryInfo(folder).GetFiles("*" + Ending).Where(file => !used.Contains(file.FullName)).OrderBy(file => file.LastWriteTimeUtc);
                foreach (var file in others.TakeWhile(_ => bytes + length > mostBytes))
                {
                    bytes -= file.Length;
                    file.Delete();
                }
            }
            if (bytes + length > mostBytes)
                return false;
            bytes += length;
            return true;
        }
    }

    private sealed record KeptClip(FrameCache Cache, EncodedClip Clip) : Clip(Clip.Name, Clip.Labels)
    {
        public override Video Read() => Cache.Read(Clip);
    }
}
