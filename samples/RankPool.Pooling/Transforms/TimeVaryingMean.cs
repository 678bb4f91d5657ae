using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>
/// Smoothing: frame t becomes the mean of the frames up to it, <c>(v_1 + … + v_t) / t</c> (Fernando, Gavves, Oramas, Ghodrati and Tuytelaars,
/// <i>Modeling Video Evolution for Action Recognition</i>, CVPR 2015).
/// </summary>
public sealed class TimeVaryingMean() : FrameTransform(nameof(TimeVaryingMean))
{
    /// <inheritdoc/>
    protected override Tensor Transform(Tensor features, Tensor mask) =>
        features.cumsum(-2).div(FrameMask.FrameNumbers(mask, features.dtype).unsqueeze(-1));
}
