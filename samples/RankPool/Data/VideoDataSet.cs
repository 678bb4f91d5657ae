namespace RankPool.Data;

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

    /// <summary>Whether clips lie on disk, so that only a few are held in memory at a time.</summary>
    public required bool OnDisk { get; init; }

    /// <summary>Whether a video may have any number of labels, and average precision is what counts.</summary>
    public bool MultiLabel { get; init; }

    /// <summary>Where videos that cannot be read are listed; where null, they end the run.</summary>
    public SkippedFiles? Skipped { get; init; }

    /// <summary>Accuracy that no method blind to the order of frames can exceed on <see cref="Evaluation"/>, where that is known.</summary>
    public double? OrderBlindCeiling { get; init; }

    /// <summary>What guessing gives: mean per-class accuracy, or with several labels mean average precision.</summary>
    public double Chance => MultiLabel
        ? Enumerable.Range(0, Classes.Count).Average(label => Evaluation.Count(clip => clip.Labels.Contains(label)) / (double)Evaluation.Count)
        : 1.0 / Classes.Count;
}
