using RankPool.Baselines;
using RankPool.Descriptors;
using TorchSharp;

namespace RankPool.Sensitivity;

/// <summary>
/// Features that were extracted before: a folder of <c>rankpool extract</c>; or a folder with <c>train</c> and <c>test</c>, each with a folder for every class, of .npy, .npz and .csv files
/// of (frames, features); or the class folders alone, of which every third sequence is then for evaluation.
/// </summary>
public static class SequenceFolders
{
    private const int EvaluationShare = 3;

    /// <summary>Reads all sequences.</summary>
    /// <exception cref="DataException">A file cannot be used, or training or evaluation has no sequence of two classes.</exception>
    public static FeatureSet Read(string root, CancellationToken interrupted)
    {
        if (!Directory.Exists(root))
            throw new DataException($"There is no folder '{root}'.");
        var folder = new FeatureFolder(root);
        if (folder.IsThere)
            return Read(folder, interrupted);
        var isDivided = Directory.Exists(Path.Combine(root, "train"));
        var classes = Directory.GetDirectories(isDivided ? Path.Combine(root, "train") : root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal).ToList();
        if (classes.Count < 2)
            throw new DataException($"'{root}' has {classes.Count} class folders, and a classifier needs two; expected are 'train/CLASS' and 'test/CLASS', or 'CLASS'.");
        List<(torch.Tensor Frames, int Label)> training = [], evaluation = [];
        foreach (var (label, name) in classes.Index())
        {
            var all = ReadFolder(root, isDivided ? $"train/{name}" : name, label, interrupted);
            training.AddRange(isDivided ? all : all.Where((_, i) => i % EvaluationShare != EvaluationShare - 1));
            evaluation.AddRange(isDivided ? ReadFolder(root, $"test/{name}", label, interrupted) : all.Where((_, i) => i % EvaluationShare == EvaluationShare - 1));
        }
        if (training.Count == 0 || evaluation.Count == 0)
            throw new DataException($"'{root}' has {training.Count} sequences for training and {evaluation.Count} for evaluation, and both are needed.");
        return new FeatureSet(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root))), classes, FeatureSet.Batch(training), FeatureSet.Batch(evaluation));
    }

    private static FeatureSet Read(FeatureFolder folder, CancellationToken interrupted)
    {
        var settings = folder.ReadSettings();
        if (settings.MultiLabel)
            throw new DataException($"The study needs one label per clip, and {settings.Data} has several.");
        var clips = folder.ReadClips();
        IReadOnlyList<FeatureBatch> Batch(ClipFor use) => FeatureSet.Batch(clips.Where(clip => clip.Use == use).Select(clip =>
        {
            interrupted.ThrowIfCancellationRequested();
            return (folder.ReadFrames(clip, torch.ScalarType.Float64), clip.Labels[0]);
        }));
        return new FeatureSet(settings.Data, settings.Classes, Batch(ClipFor.Training), Batch(ClipFor.Evaluation));
    }

    private static List<(torch.Tensor Frames, int Label)> ReadFolder(string root, string folder, int label, CancellationToken interrupted)
    {
        var reader = new SequenceReader(torch.ScalarType.Float64);
        var place = Path.Combine(root, folder);
        var sequences = new List<(torch.Tensor Frames, int Label)>();
        foreach (var (sequence, bad) in new SequenceFiles(place, list: null).List().SelectMany(file => reader.Read(place, file)))
        {
            interrupted.ThrowIfCancellationRequested();
            sequences.Add((sequence?.Frames ?? throw new DataException(bad!.Reason), label));
        }
        return sequences;
    }
}
