using System.Text.Json;
using ArgminLayers;
using RankPool.Data;
using RankPool.Data.Decoding;
using RankPool.Descriptors;
using RankPool.Files;
using RankPool.Networks;
using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Baselines;

/// <summary>What the features of a folder were made of. Folders of other settings are not mixed.</summary>
public sealed record FeatureSettings
{
    public required string Data { get; init; }

    public required string Split { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required bool MultiLabel { get; init; }

    public required string Network { get; init; }

    public required FrameSize FrameSize { get; init; }

    public required int Features { get; init; }

    /// <summary>The weights file; null for weights drawn from <see cref="Seed"/>.</summary>
    public required string? Weights { get; init; }

    public required int Seed { get; init; }
}

/// <summary>A clip whose features are in a file.</summary>
public sealed record FeatureClip(string File, string Name, ClipFor Use, IReadOnlyList<int> Labels);

/// <summary>What a clip with features is for.</summary>
public enum ClipFor
{
    Training,
    Evaluation,
}

/// <summary>
/// The L2-normalised features of every frame of every clip, one <c>.npy</c> file (T, D) of float32 for each clip, and <c>clips.json</c>, which says what each shows. Work that was stopped goes on
/// where it was.
/// </summary>
public sealed class FeatureFolder(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() } };

    private string SettingsFile => Path.Combine(path, "settings.json");

    private string ClipsFile => Path.Combine(path, "clips.json");

    /// <summary>What the features of a data set through a network are made of.</summary>
    public static FeatureSettings SettingsOf(VideoDataSet data, NetworkRequest network) => new()
    {
        Data = data.Name, Split = data.Split, Classes = data.Classes, MultiLabel = data.MultiLabel, Network = network.Choice.Name, FrameSize = data.FrameSize,
        Features = network.FeatureCount, Weights = network.Weights, Seed = network.Seed,
    };

    /// <summary>The features of all clips.</summary>
    /// <param name="model">Whose frame network makes them.</param>
    /// <param name="data">The clips.</param>
    /// <param name="settings">What the features are made of.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="progress">Hears the number of clips done, and of frames.</param>
    /// <param name="interrupted">Stops between two clips.</param>
    /// <exception cref="DataException">A clip cannot be read, or a file cannot be written, or the folder holds features of other settings.</exception>
    public void Write(VideoModel model, VideoDataSet data, FeatureSettings settings, Device device, Action<int, long> progress, CancellationToken interrupted)
    {
        var text = JsonSerializer.Serialize(settings, Json);
        if (File.Exists(SettingsFile) && File.ReadAllText(SettingsFile) != text)
            throw new DataException($"'{path}' holds features of other settings ('{SettingsFile}' says which); choose another folder, or delete it.");
        AtomicFile.Write(SettingsFile, text);
        var clips = new List<(Clip Clip, FeatureClip Features)>();
        foreach (var (use, list) in ((ClipFor, IReadOnlyList<Clip>)[])[(ClipFor.Training, data.Training), (ClipFor.Evaluation, data.Evaluation)])
        {
            clips.AddRange(list.Select((clip, i) =>
                (clip, new FeatureClip(FormattableString.Invariant($"{use.ToString().ToLowerInvariant()}/{i + 1:00000}.npy"), clip.Name, use, clip.Labels))));
        }
        var names = new Dictionary<Clip, FeatureClip>(clips.Select(entry => KeyValuePair.Create(entry.Clip, entry.Features)), ReferenceEqualityComparer.Instance);
        var missing = clips.Where(entry => !File.Exists(Path.Combine(path, entry.Features.File))).Select(entry => entry.Clip).ToList();
        model.eval();
        using var noGradient = no_grad();
        var (done, frames) = (clips.Count - missing.Count, 0L);
        foreach (var (clip, video) in ReadAhead.Read(data, missing, interrupted))
        {
            using var scope = NewDisposeScope();
            using var batch = VideoBatch.Of([video], device);
            var features = model.Features(batch).to(ScalarType.Float32).cpu().contiguous();
            AtomicFile.Write(Path.Combine(path, names[clip].File), stream =>
            {
                NpyHeader.Write(stream, "<f4", features.shape[0], features.shape[1]);
                stream.Write(features.bytes);
            });
            frames += video.Frames;
            progress(++done, frames);
        }
        AtomicFile.Write(ClipsFile, JsonSerializer.Serialize(clips.Select(entry => entry.Features).Where(entry => File.Exists(Path.Combine(path, entry.File))), Json));
    }

    /// <summary>What the folder's features were made of.</summary>
    /// <exception cref="DataException">This is no folder of features.</exception>
    public FeatureSettings ReadSettings() => ReadJson<FeatureSettings>(SettingsFile);

    /// <summary>Whether features were written here, to the last clip.</summary>
    public bool IsThere => File.Exists(ClipsFile);

    /// <summary>The clips, and what each shows.</summary>
    /// <exception cref="DataException">This is no folder of features.</exception>
    public IReadOnlyList<FeatureClip> ReadClips() => ReadJson<List<FeatureClip>>(ClipsFile);

    /// <summary>The features of a clip, (T, D), in the caller's dispose scope.</summary>
    /// <exception cref="DataException">The file is broken; the message names it.</exception>
    public Tensor ReadFrames(FeatureClip clip, ScalarType type)
    {
        var (sequence, bad) = new SequenceReader(type).Read(path, clip.File).Single();
        return sequence?.Frames ?? throw new DataException(bad!.Reason);
    }

    /// <summary>One L2-normalised vector for every clip.</summary>
    /// <exception cref="DataException">This is no folder of features, or a file in it is broken; the message names it.</exception>
    /// <exception cref="TrainingException">A clip's features cannot be pooled; the message names it.</exception>
    public IReadOnlyDictionary<ClipFor, IReadOnlyList<SvmExample>> Pool(TemporalPooling pooling, CancellationToken interrupted)
    {
        var examples = new Dictionary<ClipFor, List<SvmExample>> { [ClipFor.Training] = [], [ClipFor.Evaluation] = [] };
        using var noGradient = no_grad();
        foreach (var clip in ReadClips())
        {
            interrupted.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var frames = ReadFrames(clip, ScalarType.Float32);
            var pooled = Pool(pooling, clip, frames);
            examples[clip.Use].Add(new SvmExample(clip.Name, clip.Labels, nn.functional.normalize(pooled, dim: -1).reshape(-1).contiguous().data<float>().ToArray()));
        }
        return examples.ToDictionary(entry => entry.Key, entry => (IReadOnlyList<SvmExample>)entry.Value);
    }

    private static Tensor Pool(TemporalPooling pooling, FeatureClip clip, Tensor frames)
    {
        try
        {
            return pooling.call(frames.unsqueeze(0), ones(1, frames.size(0)));
        }
        catch (ArgminException exception)
        {
            throw new TrainingException($"The features of '{clip.Name}' cannot be pooled, and a lower --C may help: {SolverFailure.Reason(exception)}", exception);
        }
    }

    private static T ReadJson<T>(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(file), Json)!;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DataException($"'{file}', which 'rankpool extract' writes, cannot be read: {exception.Message}", exception);
        }
    }
}
