using ArgminLayers;
using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>A temporal pooling to train with.</summary>
/// <param name="Pooling">Its name on the command line.</param>
/// <param name="Hessian">For rank pooling, the Hessian of its backward pass: exact or diagonal.</param>
public sealed record PoolingChoice(string Pooling, string? Hessian = null)
{
    public const string Average = "average";
    public const string Max = "max";
    public const string ApproximateRank = "approximate-rank";
    public const string Rank = "rank";
    public const string Exact = "exact";
    public const string Diagonal = "diagonal";

    /// <summary>All that are compared, in the order in which they are shown.</summary>
    public static IReadOnlyList<PoolingChoice> All { get; } =
        [new(Average), new(Max), new(ApproximateRank), new(Rank, Diagonal), new(Rank, Exact)];

    /// <summary>The module; a mask (B, T) with features (B, T, D) gives (B, D).</summary>
    public nn.Module<Tensor, Tensor, Tensor> Create(double C, double epsilon) => (Pooling, Hessian) switch
    {
        (Average, null) => new AveragePooling(),
        (Max, null) => new MaxPooling(),
        (ApproximateRank, null) => new ApproximateRankPooling(),
        (Rank, Diagonal) => new RankPooling(C, epsilon, HessianForm.Diagonal),
        (Rank, Exact) => new RankPooling(C, epsilon),
        _ => throw new ArgumentException($"There is no pooling '{this}'.", nameof(Pooling)),
    };

    public override string ToString() => Hessian is null ? Pooling : $"{Pooling} ({Hessian})";
}
