namespace RankPool.Data;

/// <summary>A labelled video that can be read when it is needed.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Label">Index into the data set's classes.</param>
public abstract record Clip(string Name, int Label)
{
    /// <summary>Reads or decodes the video.</summary>
    /// <exception cref="DataException">The video cannot be read; the message names its file.</exception>
    public abstract Video Read();
}

/// <summary>The videos that a network is to be judged on.</summary>
public enum Evaluation
{
    /// <summary>The test videos.</summary>
    Test,

    /// <summary>The validation videos, which neither training nor test sees. All settings are chosen on them.</summary>
    Validation,
}

/// <summary>The videos of one experiment.</summary>
public sealed record VideoDataSet
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> Classes { get; init; }

    public required FrameSize FrameSize { get; init; }

    public required IReadOnlyList<Clip> Training { get; init; }

    public required IReadOnlyList<Clip> Evaluation { get; init; }

    /// <summary>How the videos were divided, in one sentence for the user.</summary>
    public required string Split { get; init; }

    /// <summary>Whether clips lie on disk, so that only one is held in memory at a time.</summary>
    public required bool OnDisk { get; init; }

    /// <summary>Accuracy that no method blind to the order of frames can exceed on <see cref="Evaluation"/>, where that is known.</summary>
    public double? OrderBlindCeiling { get; init; }

    /// <summary>Mean per-class accuracy of guessing.</summary>
    public double Chance => 1.0 / Classes.Count;
}
