using RankPool.Training;

namespace RankPool.Reproduction;

/// <summary>What came of one row with one seed.</summary>
public sealed record RowRun
{
    public required string Row { get; init; }

    public required int Seed { get; init; }

    /// <summary>Accuracy, or mean average precision, from 0 to 1.</summary>
    public required double Score { get; init; }

    /// <summary>What the model says about every evaluation clip.</summary>
    public required IReadOnlyList<Prediction> Predictions { get; init; }

    /// <summary>The epochs of training; none for frozen features.</summary>
    public IReadOnlyList<Epoch> Epochs { get; init; } = [];

    /// <summary>Frames trained on per second; null without training.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>The C of the linear classifier; null without one.</summary>
    public double? SvmC { get; init; }

    public double Seconds { get; init; }

    /// <summary>The most memory that the process held while the row ran, in MiB.</summary>
    public double PeakMemoryMiB { get; init; }
}
