namespace RankPool.Data.Layouts;

/// <summary>What a clip is for.</summary>
public enum ClipUse
{
    Training,
    Test,
}

/// <summary>A clip of a listing.</summary>
/// <param name="Key">Its name in split files: the path below the folder with the clips, with '/'.</param>
/// <param name="Path">The video file, or the folder with its frames.</param>
/// <param name="Labels">Indices into the listing's classes.</param>
/// <param name="Use">What it is for.</param>
public sealed record ListedClip(string Key, string Path, IReadOnlyList<int> Labels, ClipUse Use);

/// <summary>The clips of a data set on disk.</summary>
public sealed record ClipListing
{
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The clips that are there.</summary>
    public required IReadOnlyList<ListedClip> Clips { get; init; }

    /// <summary>How the clips are divided, as a part of a sentence.</summary>
    public required string Rule { get; init; }

    /// <summary>Clips that the split names and that are not there.</summary>
    public IReadOnlyList<SkippedFile> Missing { get; init; } = [];

    /// <summary>Every third of a class's clips, from its second on, for testing. For data without an official split.</summary>
    public static ClipUse ByThirds(int numberInClass) => numberInClass % 3 == 1 ? ClipUse.Test : ClipUse.Training;
}
