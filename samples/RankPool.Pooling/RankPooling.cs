using ArgminLayers;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>
/// Rank pooling: the vector u whose products with the frames come closest to the frames' numbers,
/// <c>argmin_u ½‖u‖² + (C/2) Σ_t [ |t − uᵀv_t| − ε ]₊²</c> (Fernando &amp; Gould, <i>Learning End-to-end Video Classification with
/// Rank-Pooling</i>, ICML 2016, Eq. 5). The layer is generated from <see cref="Objectives.RankPooling"/>.
/// </summary>
public sealed class RankPooling : TemporalPooling
{
    private readonly RankPoolingLayer layer;

    /// <param name="C">Weight of the regression loss, not negative.</param>
    /// <param name="epsilon">Half-width of the band in which the loss is 0, not negative.</param>
    /// <param name="hessian">How the Hessian is treated; <see cref="HessianForm.Diagonal"/> is the paper's approximation.</param>
    /// <exception cref="ArgumentException"><paramref name="C"/> or <paramref name="epsilon"/> is negative.</exception>
    public RankPooling(double C = 1.0, double epsilon = 0.1, HessianForm hessian = HessianForm.Auto) : base(nameof(RankPooling))
    {
        layer = new RankPoolingLayer(C, epsilon, new ArgminOptions { Hessian = hessian });
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override void ThrowIfFailed() => layer.ThrowIfFailed();

    /// <inheritdoc/>
    protected override Tensor Pool(Tensor features, Tensor mask) =>
        layer.call(features, FrameMask.FrameNumbers(mask, features.dtype), FrameMask.Weights(mask, features.dtype));
}
