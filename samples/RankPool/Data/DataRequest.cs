using RankPool.Data.Decoding;
using RankPool.Data.Layouts;

namespace RankPool.Data;

/// <summary>A data set on disk, and how it is to be read.</summary>
/// <param name="Layout">The name of its layout.</param>
/// <param name="Root">Its folder.</param>
public sealed record DataRequest(string Layout, string Root)
{
    /// <summary>The number of the official split, from 1.</summary>
    public int Split { get; init; } = 1;

    /// <summary>A file that divides the clips, in place of the official split.</summary>
    public string? SplitFile { get; init; }

    /// <summary>Whether clips that are missing or cannot be read are left out.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Lists the clips. Nothing is decoded.</summary>
    /// <exception cref="DataException">The folder or a split file is not what it should be.</exception>
    public ClipListing List()
    {
        var listing = DataSetLayout.Of(Layout).List(Root, Split);
        return SplitFile is null ? listing : Layouts.SplitFile.Apply(listing, SplitFile);
    }

    /// <summary>The data set for an experiment.</summary>
    /// <param name="size">The size that frames get.</param>
    /// <param name="evaluation">Which clips to judge on.</param>
    /// <exception cref="DataException">The folder is not of that layout, clips are missing, or a class has none left for training or evaluation.</exception>
    public VideoDataSet Read(FrameSize size, Evaluation evaluation)
    {
        var listing = List();
        if (listing.Missing.Count > 0 && !KeepGoing)
        {
            var others = listing.Missing.Count == 1 ? "" : FormattableString.Invariant($" So are {listing.Missing.Count - 1} more.");
            throw new DataException(
                $"{listing.Missing[0].Reason}{others} 'rankpool data check --data {Layout} --root {Root}' lists what is missing, and --keep-going leaves it out.");
        }
        var training = listing.Clips.Where(clip => clip.Use == ClipUse.Training).ToList();
        var judged = listing.Clips.Where(clip => clip.Use == ClipUse.Test).ToList();
        var rule = listing.Rule;
        if (evaluation == Evaluation.Validation)
        {
            // Test clips stay unseen; every class gives each fourth training clip, starting with its second.
            var held = training.GroupBy(clip => clip.Labels.Count == 0 ? -1 : clip.Labels[0])
                .SelectMany(group => group.Where((_, index) => index % 4 == 1)).ToHashSet();
            judged = [.. training.Where(held.Contains)];
            training = [.. training.Where(clip => !held.Contains(clip))];
            rule += "; every fourth training clip of a class, from its second on, held out for validation";
        }
        var use = evaluation.ToString().ToLowerInvariant();
        RequireClasses(listing, training, judged, use);

        var skipped = KeepGoing ? new SkippedFiles() : null;
        foreach (var file in listing.Missing)
            skipped!.Add(file);
        Clip OnDisk(ListedClip clip) => new ClipOnDisk(clip.Path, clip.Labels, size);
        return new VideoDataSet
        {
            Name = Layout,
            Classes = listing.Classes,
            FrameSize = size,
            Training = [.. training.Select(OnDisk)],
            Evaluation = [.. judged.Select(OnDisk)],
            Split = FormattableString.Invariant($"{training.Count} training and {judged.Count} {use} clips: {rule}"),
            OnDisk = true,
            MultiLabel = DataSetLayout.Of(Layout).MultiLabel,
            Skipped = skipped,
        };
    }

    /// <summary>Why there is nothing to learn or to judge from these clips, as a sentence: one class alone, or a class that has none of them. Null where all is well.</summary>
    public string? Unusable(ClipListing listing, IReadOnlyList<ListedClip> clips, string use)
    {
        if (listing.Classes.Count < 2)
            return $"'{Root}' holds clips of {listing.Classes[0]} only; at least two classes are needed.";
        var missing = listing.Classes.Where((_, label) => !clips.Any(clip => clip.Labels.Contains(label))).ToList();
        return missing.Count == 0 ? null : $"'{Root}' has too few clips of {string.Join(", ", missing)}: none is left for {use}.";
    }

    private void RequireClasses(ClipListing listing, List<ListedClip> training, List<ListedClip> judged, string use)
    {
        if ((Unusable(listing, training, "training") ?? Unusable(listing, judged, use)) is { } sentence)
            throw new DataException(sentence);
    }
}
