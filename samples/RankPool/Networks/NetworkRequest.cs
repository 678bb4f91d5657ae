using RankPool.Data;
using TorchSharp;
using RankPool.Weights;

namespace RankPool.Networks;

/// <summary>A frame network, what it starts from and where it computes.</summary>
/// <param name="Choice">Which one.</param>
/// <param name="FrameSize">The size of frames that are read from disk.</param>
/// <param name="FramesPerChunk">Most frames that go through it at once.</param>
/// <param name="FeatureCount">Features per frame.</param>
/// <param name="Weights">A file with its first weights; drawn from <paramref name="Seed"/> where null.</param>
/// <param name="Seed">Decides all that is left to chance.</param>
/// <param name="Device">Where it computes.</param>
public sealed record NetworkRequest(
    NetworkChoice Choice, FrameSize FrameSize, int FramesPerChunk, int FeatureCount, string? Weights, int Seed, DeviceType Device)
{
    /// <summary>The network with the weights of the file, and what came of reading it, null without a file.</summary>
    /// <param name="size">The size of frames.</param>
    /// <exception cref="DataException">The file cannot be read, or is of another network.</exception>
    public (FrameNetwork Network, WeightImport? Import) Create(FrameSize size)
    {
        torch.manual_seed(Seed);
        var network = Choice.Create(size, FeatureCount);
        return (network, Weights is null ? null : WeightImport.Into(network, Weights));
    }
}
