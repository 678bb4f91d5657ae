using RankPool.Data;
using RankPool.Data.Decoding;
using RankPool.Networks;
using RankPool.Training;

namespace RankPool.Reproduction;

/// <summary>Everything that a reproduction depends on.</summary>
public sealed record ReproductionSettings
{
    public required DataRequest Data { get; init; }

    public required CacheChoice Cache { get; init; }

    /// <summary>The network; its seed is replaced by each of <see cref="Seeds"/>.</summary>
    public required NetworkRequest Network { get; init; }

    public required TrainingSettings Training { get; init; }

    /// <summary>Every row is run with each.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>The rows.</summary>
    public required IReadOnlyList<PaperRow> Rows { get; init; }

    /// <summary>The folder that everything goes to.</summary>
    public required string Output { get; init; }

    /// <summary>What the rows depend on, for the folder and the report. Frames per chunk and the place of the cache change no result.</summary>
    public object Identity(VideoDataSet data) => new
    {
        Data, data.Split, data.Classes, data.FrameSize, Network = Network.Choice.Name, Network.Weights, Network.Device, Seeds, Training = Training with { FramesPerChunk = 0 },
    };
}
