using ArgminLayers;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>
/// Rank pooling by pairs: the vector u on which every frame scores higher than the frames before it,
/// <c>argmin_u ½‖u‖² + (C/2) Σ_{i&lt;j} [1 − uᵀ(v_j − v_i)]₊²</c>. The layer is generated from <see cref="Objectives.PairwiseRankPooling"/>; a Newton step costs O(T² + D³).
/// </summary>
public sealed class PairwiseRankPooling : TemporalPooling
{
    private readonly PairwiseRankPoolingLayer layer;

    /// <param name="C">Weight of the ranking loss, not negative. It stands before a sum over pairs: T frames make T(T − 1)/2.</param>
    /// <param name="hessian">How the Hessian is treated in the backward pass.</param>
    /// <exception cref="ArgumentException"><paramref name="C"/> is negative, or <paramref name="hessian"/> does not fit the Hessian.</exception>
    public PairwiseRankPooling(double C = 1.0, HessianForm hessian = HessianForm.Auto) : base(nameof(PairwiseRankPooling))
    {
        layer = new PairwiseRankPoolingLayer(C, new ArgminOptions { Hessian = hessian });
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void ThrowIfFailed() => layer.ThrowIfFailed();

    /// <inheritdoc/>
    protected override Tensor Pool(Tensor features, Tensor mask)
    {
        var t = FrameMask.FrameNumbers(mask, features.dtype);
        var isReal = FrameMask.Padding(mask).logical_not();
        var isPair = t.unsqueeze(-1).lt(t.unsqueeze(-2)).logical_and(isReal).logical_and(isReal.transpose(-2, -1));
        return layer.call(features, isPair.to(features.dtype));
    }
}
