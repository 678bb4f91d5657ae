using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>Square roots whose gradient at 0 is 0.</summary>
internal static class SquareRoots
{
    private static readonly Scalar Zero = 0;
    private static readonly Scalar One = 1;

    /// <summary>√x for x from 0 on; the zeros are selected out before and after, so that no infinite slope meets a zero.</summary>
    public static Tensor Of(Tensor x)
    {
        var isZero = x.eq(Zero);
        return x.masked_fill(isZero, One).sqrt().masked_fill(isZero, Zero);
    }
}
