using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>
/// Approximate rank pooling <c>u = Σ_t α_t v_t</c> with <c>α_i = 2(N − i + 1) − (N + 1)(H_N − H_{i−1})</c>, where N is the
/// number of frames and H_n the n-th harmonic number (Bilen, Fernando, Gavves, Vedaldi and Gould, <i>Dynamic Image Networks for Action
/// Recognition</i>, CVPR 2016). The first step of gradient descent on the ranking objective, from u = 0. A single
/// frame, for which the formula gives 0, is its own pooled vector.
/// </summary>
public sealed class ApproximateRankPooling() : TemporalPooling(nameof(ApproximateRankPooling))
{
    private static readonly Scalar One = 1;
    private static readonly Scalar Two = 2;

    /// <inheritdoc/>
    protected override Tensor Pool(Tensor features, Tensor mask) =>
        features.mul(Coefficients(mask).to(features.dtype).unsqueeze(-1)).sum(dim: -2);

    /// <summary>The coefficients α of every frame, in float64.</summary>
    /// <param name="mask">(…, T), 1 for a frame and 0 for padding.</param>
    /// <returns>(…, T), 0 for padding.</returns>
    public static Tensor Coefficients(Tensor mask)
    {
        using var scope = NewDisposeScope();
        var i = FrameMask.FrameNumbers(mask, ScalarType.Float64);
        var n = FrameMask.Weights(mask, ScalarType.Float64).sum(dim: -1, keepdim: true);
        var next = n.add(One);
        // H_N − H_{i−1} = ψ(N + 1) − ψ(i), with ψ the digamma function.
        var harmonic = next.digamma().sub(i.digamma());
        var alpha = next.sub(i).mul(Two).sub(next.mul(harmonic));
        alpha = where(n.eq(One), ones_like(alpha), alpha);
        return FrameMask.FillZero(alpha.unsqueeze(-1), FrameMask.Padding(mask)).squeeze(-1).MoveToOuterDisposeScope();
    }
}
