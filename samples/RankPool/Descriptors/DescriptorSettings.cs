using RankPool.Networks;
using TorchSharp;

namespace RankPool.Descriptors;

/// <summary>What decides the descriptors and how they are divided. Work goes on only under the settings that it began with.</summary>
public sealed record DescriptorSettings
{
    public required PoolingChoice Pooling { get; init; }

    public required double C { get; init; }

    public required double Epsilon { get; init; }

    /// <summary>The type to compute in and to write.</summary>
    public required torch.ScalarType Type { get; init; }

    /// <summary>Files in a block, which is written as a whole.</summary>
    public required int FilesPerBlock { get; init; }

    /// <summary>How many parts the work is divided into.</summary>
    public required int Shards { get; init; }

    /// <summary>The pipeline of Fernando et al., CVPR 2015: smoothed, rooted, normalised frames, ranked forwards and backwards (liblinear's <c>-s 11 -c 1 -p 0.1</c>).</summary>
    public static (PoolingChoice Pooling, double C, double Epsilon) VideoDarwin { get; } = (
        new PoolingChoice(PoolingChoice.Rank, PoolingChoice.Exact)
        {
            Preprocessing = $"{FrameTransforms.TimeVaryingMean},{FrameTransforms.SignedRoot},{FrameTransforms.UnitLength}",
            BothDirections = true,
        },
        2, 0.1);
}
