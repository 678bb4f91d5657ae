using TorchSharp;

namespace RankPool.Descriptors;

/// <summary>The frames of one sequence.</summary>
/// <param name="Name">The file's path below the input folder; for an array of an .npz file, with the array's name after it.</param>
/// <param name="Frames">(T, D), of the type that is computed in. Belongs to the dispose scope of the reader's caller.</param>
public sealed record Sequence(string Name, torch.Tensor Frames)
{
    /// <summary>T.</summary>
    public long Length { get; } = Frames.size(0);

    /// <summary>D.</summary>
    public long FeatureCount { get; } = Frames.size(1);
}

/// <summary>A sequence that was left out.</summary>
/// <param name="Name">As in <see cref="Sequence"/>.</param>
/// <param name="Reason">One sentence.</param>
public sealed record Skipped(string Name, string Reason);
