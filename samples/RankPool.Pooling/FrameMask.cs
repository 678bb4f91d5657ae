using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>What the poolings of this library share: how a mask of frames is read.</summary>
internal static class FrameMask
{
    // Scalars are rooted: a temporary one may be collected while libtorch reads it.
    private static readonly Scalar Zero = 0;

    /// <summary>Refuses features and a mask that do not belong together, and sequences without a frame.</summary>
    /// <param name="features">(…, T, D), floating point.</param>
    /// <param name="mask">(…, T), 1 for a frame and 0 for padding.</param>
    /// <exception cref="ArgumentException">The shapes do not match, or a sequence has no frame.</exception>
    public static void Check(Tensor features, Tensor mask)
    {
        var (shape, frames) = (features.shape, mask.shape);
        if (shape.Length < 2 || !shape.AsSpan(0, shape.Length - 1).SequenceEqual(frames))
        {
            throw new ArgumentException(
                $"The mask of features (…, T, D) has the shape (…, T); features are ({string.Join(", ", shape)}) and the mask is ({string.Join(", ", frames)}).",
                nameof(mask));
        }
        using var scope = NewDisposeScope();
        if (shape[^2] == 0 || !mask.gt(Zero).any(-1, false).all().item<bool>())
            throw new ArgumentException("Every sequence needs at least one frame, and the mask leaves one without any.", nameof(mask));
    }

    /// <summary>(…, T, 1), true where a frame is padding.</summary>
    public static Tensor Padding(Tensor mask) => mask.le(Zero).unsqueeze(-1);

    /// <summary>(…, T), the number of each frame in its sequence, counted from 1 and over real frames only.</summary>
    public static Tensor FrameNumbers(Tensor mask, ScalarType type) => mask.gt(Zero).to(type).cumsum(-1);

    /// <summary>(…, T), 1 for a frame and 0 for padding, in the given type.</summary>
    public static Tensor Weights(Tensor mask, ScalarType type) => mask.gt(Zero).to(type);

    /// <summary>
    /// <paramref name="values"/> with the padded frames replaced by a number. Selecting, not multiplying, keeps whatever
    /// stands in the padding out of the result and of the gradient, even if it is not finite.
    /// </summary>
    public static Tensor Fill(Tensor values, Tensor padding, Scalar number) => values.masked_fill(padding, number);

    /// <inheritdoc cref="Fill"/>
    public static Tensor FillZero(Tensor values, Tensor padding) => values.masked_fill(padding, Zero);
}
