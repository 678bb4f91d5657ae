using System.Globalization;
using System.Runtime.CompilerServices;
using RankPool.Data;
using TorchSharp;

// The count of live tensors is one for the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace RankPool.Tests;

/// <summary>The networks here are small: libtorch's threads would mostly wait for one another.</summary>
internal static class Threads
{
    [ModuleInitializer]
    internal static void UseOne() => torch.set_num_threads(1);
}

/// <summary>Runs the command in this process.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    public static CommandRun Of(params string[] arguments) => Of(CancellationToken.None, arguments);

    public static CommandRun Of(CancellationToken interrupted, params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var exitCode = Application.Run(arguments, output, error, interrupted);
        return new CommandRun(exitCode, output.ToString(), error.ToString());
    }
}

/// <summary>A folder of its own for a test, gone afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("rankpool-tests-").FullName;

    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Makes another culture the current one.</summary>
internal sealed class Culture : IDisposable
{
    private readonly CultureInfo before = CultureInfo.CurrentCulture;

    public Culture(string name) => CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);

    public void Dispose() => CultureInfo.CurrentCulture = before;
}

/// <summary>The pixels of a video wherever they lie.</summary>
internal static class VideoPixels
{
    public static byte[] AllPixels(this Video video) => Copy(video, 0, video.Frames);

    public static byte[] FramePixels(this Video video, int t) => Copy(video, t, 1);

    private static byte[] Copy(Video video, int first, int count)
    {
        var pixels = new byte[count * video.Size.Bytes];
        video.CopyFrames(first, pixels);
        return pixels;
    }
}
