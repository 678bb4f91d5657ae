using Microsoft.Win32.SafeHandles;

namespace RankPool.Data.Decoding;

/// <summary>A decoded video whose frames lie one after the other in a file, and are read when they are asked for.</summary>
public sealed class VideoInFile : Video
{
    private readonly SafeFileHandle handle;
    private readonly string file;

    private VideoInFile(FrameSize size, SafeFileHandle handle, string file) : base(size, CountFrames(size, RandomAccess.GetLength(handle))) =>
        (this.handle, this.file) = (handle, file);

    /// <summary>Opens the file.</summary>
    /// <param name="size">The size of its frames.</param>
    /// <param name="file">The file.</param>
    /// <param name="deleteOnClose">Whether the file goes with this video.</param>
    /// <exception cref="DataException">The file cannot be read.</exception>
    public static VideoInFile Open(FrameSize size, string file, bool deleteOnClose = false)
    {
        try
        {
            return new VideoInFile(size, File.OpenHandle(file, options: deleteOnClose ? FileOptions.DeleteOnClose : FileOptions.None), file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, exception);
        }
    }

    public override void CopyFrames(int first, Span<byte> pixels)
    {
        var offset = (long)first * Size.Bytes;
        try
        {
            while (pixels.Length > 0)
            {
                var read = RandomAccess.Read(handle, pixels, offset);
                if (read == 0)
                    throw new EndOfStreamException("the file has become shorter");
                pixels = pixels[read..];
                offset += read;
            }
        }
        catch (IOException exception)
        {
            throw Unreadable(file, exception);
        }
    }

    public override void Dispose()
    {
        handle.Dispose();
        base.Dispose();
    }

    private static DataException Unreadable(string file, Exception cause) => new($"The decoded frames in '{file}' cannot be read: {cause.Message}", cause);
}
