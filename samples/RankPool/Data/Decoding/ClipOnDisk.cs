namespace RankPool.Data.Decoding;

/// <summary>A clip that is a video file, or a folder with a video file or with one picture per frame. Where a folder has both, the video file counts.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Labels">Indices into the data set's classes.</param>
/// <param name="Size">The size that its frames get.</param>
public sealed record ClipOnDisk(string Path, IReadOnlyList<int> Labels, FrameSize Size) : EncodedClip(Path, Labels, Size)
{
    private static readonly string[] VideoEndings = [".avi", ".mp4", ".mkv", ".mov", ".mpg", ".mpeg", ".webm", ".m4v", ".wmv"];
    private static readonly string[] PictureEndings = [".jpg", ".jpeg", ".png", ".bmp"];

    /// <summary>Whether a file is a video by the end of its name.</summary>
    public static bool IsVideoFile(string file) => HasEnding(file, VideoEndings);

    public override string Version => string.Join('\n', Files().Select(file =>
        FormattableString.Invariant($"{file} {new FileInfo(file).Length} {File.GetLastWriteTimeUtc(file).Ticks}")).Append(Size.ToString()));

    public override void Decode(Stream frames)
    {
        var files = Files();
        if (files.Count == 1 && IsVideoFile(files[0]))
            Ffmpeg.Decode(files[0], Size, frames);
        else
            Ffmpeg.DecodePictures(Path, files, Size, frames);
    }

    private IReadOnlyList<string> Files()
    {
        if (File.Exists(Path))
            return [Path];
        try
        {
            // Shorter names first: "frame (2).jpg" comes before "frame (10).jpg".
            var files = Directory.GetFiles(Path).OrderBy(file => file.Length).ThenBy(file => file, StringComparer.Ordinal).ToList();
            if (files.FirstOrDefault(IsVideoFile) is { } video)
                return [video];
            var pictures = files.Where(file => HasEnding(file, PictureEndings)).ToList();
            return pictures.Count > 0 ? pictures : throw new DataException($"'{Path}' holds neither a video file (such as avi) nor pictures (jpg, png or bmp).");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{Path}' cannot be read: {exception.Message}", exception);
        }
    }

    private static bool HasEnding(string file, string[] endings) => endings.Contains(System.IO.Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
}
