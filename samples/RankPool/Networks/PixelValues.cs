namespace RankPool.Networks;

/// <summary>What a network subtracts from the values of a frame, which lie between 0 and 1, and what it then divides them by: one number per channel.</summary>
/// <param name="Mean">Red, green, blue.</param>
/// <param name="Deviation">Red, green, blue.</param>
public sealed record PixelValues(float[] Mean, float[] Deviation)
{
    /// <summary>Those of torchvision's ImageNet weights.</summary>
    public static PixelValues Torchvision { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Those of Caffe's reference models: values from 0 to 255 less the mean of ImageNet.</summary>
    public static PixelValues Caffe { get; } = new([122.679f / 255, 116.669f / 255, 104.007f / 255], [1f / 255, 1f / 255, 1f / 255]);
}
