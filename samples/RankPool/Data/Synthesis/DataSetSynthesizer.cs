using RankPool.Data.Decoding;
using RankPool.Data.Reversible;

namespace RankPool.Data.Synthesis;

/// <summary>
/// Writes rendered scenes as encoded video files in the layout of a data set, its quirks included. Classes come in pairs that show scenes of one motion, one of them backwards, so
/// that here too order is the cue.
/// </summary>
public abstract class DataSetSynthesizer
{
    private protected static readonly FrameSize Size = new(96, 72, 3);

    private protected static readonly string[] Avi =
        ["-c:v", "mpeg4", "-q:v", "2", "-threads", "1", "-fflags", "+bitexact", "-flags:v", "+bitexact"];

    /// <summary>All of them; their names are those of the layouts.</summary>
    public static IReadOnlyList<DataSetSynthesizer> All { get; } =
        [new UcfSportsSynthesizer(), new Hollywood2Synthesizer(), new Hmdb51Synthesizer(), new Ucf101Synthesizer(), new FoldersSynthesizer()];

    /// <summary>The layout's name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>The folder in the user's folder that the clips go to; it must not be there yet. Empty where they go into the user's folder itself.</summary>
    public abstract string Top { get; }

    /// <summary>The one of that name.</summary>
    public static DataSetSynthesizer Of(string name) => All.Single(synthesizer => synthesizer.Name == name);

    /// <summary>Writes the clips, several at once, and the files that divide them.</summary>
    /// <param name="root">The user's folder.</param>
    /// <param name="clipsPerClass">Clips of each class; the layout's own number where null.</param>
    /// <param name="seed">Equal seeds show equal scenes.</param>
    /// <param name="interrupted">Stops between two clips.</param>
    /// <returns>The number of clips.</returns>
    /// <exception cref="DataException">A file cannot be written, or there is no ffmpeg.</exception>
    public abstract int Write(string root, int? clipsPerClass, int seed, CancellationToken interrupted);

    /// <summary>Does something for every clip, several at once.</summary>
    private protected static int ForEach<T>(IReadOnlyList<T> clips, Action<T> write, CancellationToken interrupted)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = interrupted };
        try
        {
            Parallel.ForEach(clips, options, write);
        }
        catch (AggregateException exception) when (exception.InnerExceptions.OfType<DataException>().FirstOrDefault() is { } first)
        {
            throw new DataException(first.Message, exception);
        }
        return clips.Count;
    }

    /// <summary>The scene of a motion with a number, as it is drawn from a seed, and its frames.</summary>
    private protected static (Scene Scene, VideoInMemory Video) Render(Motion motion, int number, int seed)
    {
        var random = new Random(unchecked((seed * 10_007 + (int)motion) * 10_007 + number));
        var scene = Scene.Draw(motion, minFrames: 12, maxFrames: 24, random);
        return (scene, SceneRenderer.Render(scene, Size, random));
    }

    /// <summary>A scene of a class: classes 2m and 2m + 1 are motion m and its reversal.</summary>
    private protected static VideoInMemory RenderClass(int label, int number, int seed)
    {
        var (_, video) = Render((Motion)(label / 2), number, seed);
        return label % 2 == 0 ? video : video.Reversed();
    }

    /// <summary>Encodes a video into one file.</summary>
    private protected static void WriteVideo(string file, VideoInMemory video)
    {
        var folder = Path.GetDirectoryName(file)!;
        Writing(folder, () =>
        {
            Directory.CreateDirectory(folder);
            Ffmpeg.Encode(video, folder, [.. Avi, "-f", "avi", "file:" + Path.GetFileName(file)]);
        });
    }

    /// <summary>Writes a text file.</summary>
    private protected static void WriteLines(string file, IEnumerable<string> lines) => Writing(file, () =>
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllLines(file, lines);
    });

    private protected static void Writing(string name, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{name}' cannot be written: {exception.Message}", exception);
        }
    }
}
