using System.ComponentModel;
using System.Diagnostics;

namespace RankPool.Data;

/// <summary>Decodes and encodes videos with the <c>ffmpeg</c> program, raw frames going through its pipes.</summary>
public static class Ffmpeg
{
    /// <summary>Decodes a video file, every frame resized.</summary>
    /// <exception cref="DataException">The file does not decode, or there is no ffmpeg.</exception>
    public static VideoInMemory Decode(string file, FrameSize size) => Decode(file, ["-i", file], feed: null, size);

    /// <summary>Decodes JPEG files, one frame each, every frame resized.</summary>
    /// <param name="folder">What messages call the video.</param>
    /// <param name="files">The frames in order.</param>
    /// <param name="size">The size that frames get.</param>
    /// <exception cref="DataException">A file cannot be read, or the frames do not decode, or there is no ffmpeg.</exception>
    public static VideoInMemory DecodeJpegs(string folder, IReadOnlyList<string> files, FrameSize size)
    {
        // Through the pipe, because the names in real data sets (spaces, parentheses, gaps) fit no pattern.
        void Feed(Stream input)
        {
            foreach (var file in files)
            {
                using var jpeg = File.OpenRead(file);
                jpeg.CopyTo(input);
            }
        }
        var video = Decode(folder, ["-f", "image2pipe", "-c:v", "mjpeg", "-i", "-"], Feed, size);
        return video.Frames == files.Count
            ? video
            : throw new DataException(FormattableString.Invariant(
                $"'{folder}' has {files.Count} jpg files, of which ffmpeg decodes {video.Frames}."));
    }

    /// <summary>Encodes frames into the given outputs.</summary>
    /// <param name="video">The frames.</param>
    /// <param name="folder">Where ffmpeg runs: relative output names are files in it.</param>
    /// <param name="outputs">ffmpeg's output options and file names.</param>
    /// <exception cref="DataException">The files cannot be written, or there is no ffmpeg.</exception>
    public static void Encode(VideoInMemory video, string folder, IEnumerable<string> outputs)
    {
        string[] input =
        [
            "-y", "-f", "rawvideo", "-pix_fmt", PixelFormat(video.Size),
            "-s", FormattableString.Invariant($"{video.Size.Width}x{video.Size.Height}"), "-r", "10", "-i", "-",
        ];
        var (exitCode, _, error) = Run([.. input, .. outputs], folder, stdin => stdin.Write(video.Pixels));
        if (exitCode != 0)
            throw new DataException($"ffmpeg could not write a video into '{folder}': {error}");
    }

    private static VideoInMemory Decode(string name, string[] input, Action<Stream>? feed, FrameSize size)
    {
        string[] output =
        [
            "-map", "0:v:0", "-vsync", "0", "-vf", FormattableString.Invariant($"scale={size.Width}:{size.Height}:flags=area"),
            "-f", "rawvideo", "-pix_fmt", PixelFormat(size), "-",
        ];
        var (exitCode, pixels, error) = Run([.. input, .. output], Environment.CurrentDirectory, feed);
        if (exitCode != 0 || pixels.Length == 0 || pixels.Length % size.Bytes != 0)
            throw new DataException($"'{name}' does not decode: {(error == "" ? "it holds no frame." : error)}");
        return new VideoInMemory(size, pixels);
    }

    private static string PixelFormat(FrameSize size) => size.Channels switch
    {
        1 => "gray",
        3 => "rgb24",
        _ => throw new ArgumentException($"Frames of {size.Channels} channels are neither grey nor colour.", nameof(size)),
    };

    private static (int ExitCode, byte[] Output, string Error) Run(string[] arguments, string folder, Action<Stream>? feed)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-hide_banner", "-v", "error", "-nostdin", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        var error = process.StandardError.ReadToEndAsync();
        var feeding = Task.Run(() =>
        {
            using var stdin = process.StandardInput.BaseStream;
            feed?.Invoke(stdin);
        });
        using var output = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        try
        {
            feeding.GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Where ffmpeg has given up on its input, its own message says why.
            if (process.ExitCode == 0)
                throw new DataException(exception.Message, exception);
        }
        return (process.ExitCode, output.ToArray(), OneLine(error.GetAwaiter().GetResult()));
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw new DataException(
                "The program ffmpeg, which decodes and encodes videos, is not on the PATH; install it, for example with 'apt-get install ffmpeg'.",
                exception);
        }
    }

    /// <summary>The last line of what ffmpeg says, which sums it up.</summary>
    private static string OneLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
}
