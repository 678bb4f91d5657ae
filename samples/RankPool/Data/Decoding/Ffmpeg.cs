using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace RankPool.Data.Decoding;

/// <summary>Decodes and encodes videos with the <c>ffmpeg</c> program, raw frames going through its pipes.</summary>
public static class Ffmpeg
{
    /// <summary>A video that gives less than this share of the frames that its header announces is taken to be cut off.</summary>
    private const double CompleteShare = 0.95;

    /// <summary>Decodes a video file, every frame resized, as a stream.</summary>
    /// <exception cref="DataException">The file does not decode, or is cut off, or there is no ffmpeg.</exception>
    public static void Decode(string file, FrameSize size, Stream frames)
    {
        if (new FileInfo(file) is { Exists: true, Length: 0 })
            throw new DataException($"'{file}' does not decode: it is empty.");
        var count = Decode(file, ["-i", file], feed: null, size, frames);
        if (Announced(file) is { } announced && count < CompleteShare * announced)
            throw new DataException(FormattableString.Invariant($"'{file}' is cut off: {count} of its {announced} frames decode."));
    }

    /// <summary>Decodes pictures, one frame each, every frame resized.</summary>
    /// <param name="folder">What messages call the video.</param>
    /// <param name="files">The frames in order, all of one format.</param>
    /// <param name="size">The size that frames get.</param>
    /// <param name="frames">Where the frames go.</param>
    /// <exception cref="DataException">A picture cannot be read, or does not decode, or there is no ffmpeg.</exception>
    public static void DecodePictures(string folder, IReadOnlyList<string> files, FrameSize size, Stream frames)
    {
        var count = 0;
        Exception? cause = null;
        try
        {
            count = DecodePiped(folder, files, size, frames);
        }
        catch (DataException exception)
        {
            cause = exception;
        }
        if (count == files.Count)
            return;
        foreach (var file in files)
        {
            if (DecodePiped(file, [file], size, Stream.Null) != 1)
                throw new DataException($"'{file}' does not decode as one picture.");
        }
        throw new DataException(
            FormattableString.Invariant($"'{folder}' has {files.Count} pictures, of which ffmpeg decodes {count} in a row; they are not of one format."), cause);
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
        var (exitCode, error) = Run("ffmpeg", ["-hide_banner", "-v", "error", "-nostdin", .. input, .. outputs], folder, stdin => stdin.Write(video.Pixels), Stream.Null);
        if (exitCode != 0)
            throw new DataException($"ffmpeg could not write a video into '{folder}': {error}");
    }

    private static int DecodePiped(string name, IReadOnlyList<string> files, FrameSize size, Stream frames)
    {
        // Through the pipe, because the names in real data sets (spaces, parentheses, gaps) fit no pattern.
        void Feed(Stream input)
        {
            foreach (var file in files)
            {
                using var picture = File.OpenRead(file);
                picture.CopyTo(input);
            }
        }
        var codec = Path.GetExtension(files[0]).ToLowerInvariant() switch { ".png" => "png", ".bmp" => "bmp", _ => "mjpeg" };
        // A picture that is cut off would be filled up with grey.
        return Decode(name, ["-err_detect", "explode", "-f", "image2pipe", "-c:v", codec, "-i", "-"], Feed, size, frames);
    }

    private static int Decode(string name, string[] input, Action<Stream>? feed, FrameSize size, Stream frames)
    {
        string[] output =
        [
            "-map", "0:v:0", "-vsync", "0", "-vf", FormattableString.Invariant($"scale={size.Width}:{size.Height}:flags=area"),
            "-f", "rawvideo", "-pix_fmt", PixelFormat(size), "-",
        ];
        var counted = new CountingStream(frames);
        var (exitCode, error) = Run("ffmpeg", ["-hide_banner", "-v", "error", "-nostdin", .. input, .. output], Environment.CurrentDirectory, feed, counted);
        if (exitCode != 0 || counted.Written == 0 || counted.Written % size.Bytes != 0)
            throw new DataException($"'{name}' does not decode: {(error == "" ? "it holds no frame." : Without(name, error))}");
        return checked((int)(counted.Written / size.Bytes));
    }

    /// <summary>The number of frames in the file's header, where it has one.</summary>
    private static int? Announced(string file)
    {
        using var output = new MemoryStream();
        var (exitCode, _) = Run(
            "ffprobe", ["-v", "error", "-select_streams", "v:0", "-show_entries", "stream=nb_frames", "-of", "csv=p=0", file],
            Environment.CurrentDirectory, feed: null, output);
        var text = System.Text.Encoding.ASCII.GetString(output.ToArray()).Trim().Trim(',');
        return exitCode == 0 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
    }

    private static string PixelFormat(FrameSize size) => size.Channels switch
    {
        1 => "gray",
        3 => "rgb24",
        _ => throw new ArgumentException($"Frames of {size.Channels} channels are neither grey nor colour.", nameof(size)),
    };

    private static (int ExitCode, string Error) Run(string program, string[] arguments, string folder, Action<Stream>? feed, Stream output)
    {
        using var process = Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        var error = process.StandardError.ReadToEndAsync();
        var feeding = Task.Run(() =>
        {
            using var stdin = process.StandardInput.BaseStream;
            feed?.Invoke(stdin);
        });
        try
        {
            process.StandardOutput.BaseStream.CopyTo(output);
        }
        catch
        {
            process.Kill();
            throw;
        }
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
        return (process.ExitCode, OneLine(error.GetAwaiter().GetResult()));
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
                $"The program {start.FileName}, which decodes and encodes videos, is not on the PATH; install it, for example with 'apt-get install ffmpeg'.",
                exception);
        }
    }

    /// <summary>A message without the name that ffmpeg puts before it.</summary>
    private static string Without(string name, string message) => message.StartsWith(name + ": ", StringComparison.Ordinal) ? message[(name.Length + 2)..] : message;

    /// <summary>The last line of what ffmpeg says, which sums it up. What it says because no frame came tells nothing.</summary>
    private static string OneLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .LastOrDefault(line => !line.StartsWith("Error marking filters", StringComparison.Ordinal) && !line.StartsWith("Cannot determine format", StringComparison.Ordinal)) ?? "";
}
