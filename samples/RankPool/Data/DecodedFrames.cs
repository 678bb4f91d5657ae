namespace RankPool.Data;

/// <summary>
/// Keeps the decoded and resized frames of a run's clips in a temporary folder, so that every clip is decoded once and not once an epoch, while
/// no more than one video is in memory. The folder goes when the run ends.
/// </summary>
public sealed class DecodedFrames : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("rankpool-frames-");

    /// <summary>The temporary folder.</summary>
    public string Path => folder.FullName;

    /// <summary>The same data set, whose clips are decoded the first time that they are read.</summary>
    public VideoDataSet Of(VideoDataSet data)
    {
        IReadOnlyList<Clip> Kept(IReadOnlyList<Clip> clips, string use) =>
            [.. clips.Select((clip, i) => new KeptClip(clip, data.FrameSize, System.IO.Path.Combine(Path, FormattableString.Invariant($"{use}-{i}.raw"))))];
        return data with { Training = Kept(data.Training, "training"), Evaluation = Kept(data.Evaluation, "evaluation") };
    }

    public void Dispose() => folder.Delete(recursive: true);

    private sealed record KeptClip(Clip Clip, FrameSize Size, string File) : Clip(Clip.Name, Clip.Label)
    {
        public override Video Read()
        {
            if (System.IO.File.Exists(File))
                return VideoInFile.Open(Size, File);
            var video = (VideoInMemory)Clip.Read();
            try
            {
                System.IO.File.WriteAllBytes(File, video.Pixels);
            }
            catch (IOException exception)
            {
                throw new DataException($"Decoded frames cannot be kept in '{System.IO.Path.GetDirectoryName(File)}' (TMPDIR names another place): {exception.Message}", exception);
            }
            return video;
        }
    }
}
