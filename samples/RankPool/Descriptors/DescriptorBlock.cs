using System.Text.Json.Serialization;

namespace RankPool.Descriptors;

/// <summary>What a block of descriptors is made of.</summary>
/// <param name="Files">The files, in order.</param>
/// <param name="Names">The name of every row.</param>
/// <param name="FeatureCount">Features of the frames, D; 0 where no sequence could be used.</param>
/// <param name="Width">Numbers in a row; 0 where no sequence could be used.</param>
/// <param name="Type">The type of the numbers: Float32 or Float64.</param>
/// <param name="Skipped">What was left out.</param>
public sealed record DescriptorBlock(
    IReadOnlyList<string> Files, IReadOnlyList<string> Names, long FeatureCount, long Width, TorchSharp.torch.ScalarType Type, IReadOnlyList<Skipped> Skipped)
{
    /// <summary>NumPy's word for the type, little-endian as in memory.</summary>
    [JsonIgnore]
    public string NumpyType => Type == TorchSharp.torch.ScalarType.Float32 ? "<f4" : "<f8";
}
