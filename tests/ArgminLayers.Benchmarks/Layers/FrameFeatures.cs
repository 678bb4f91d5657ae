using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Layers;

/// <summary>Batches of sequences whose frames look as a ConvNet gives them.</summary>
/// <param name="B">Sequences.</param>
/// <param name="T">Frames of a sequence.</param>
/// <param name="D">Features of a frame.</param>
internal readonly record struct BatchShape(long B, long T, long D)
{
    /// <summary>The shape that the bars are about.</summary>
    public static BatchShape Main { get; } = new(32, 100, 4096);

    public override string ToString() => $"({B}, {T}, {D})";

    /// <summary>
    /// Frames (B, T, D): values as after a ReLU, half of them zero, smoothed by the time-varying mean, under the signed root, of unit length.
    /// </summary>
    /// <param name="dtype">float32 or float64; the values are the same up to rounding.</param>
    /// <param name="device">Where they are put.</param>
    public Tensor Frames(ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        var numbers = arange(1, T + 1, dtype: ScalarType.Float32).unsqueeze(-1);
        var smooth = randn(B, T, D).relu().cumsum(1).div(numbers);
        return nn.functional.normalize(smooth.sqrt(), dim: -1).to(dtype).to(device).MoveToOuterDisposeScope();
    }

    /// <summary>The frames' numbers 1 … T, shared by all sequences.</summary>
    public Tensor Numbers(ScalarType dtype, Device device) => arange(1, T + 1, dtype: dtype, device: device);

    /// <summary>A weight of 1 for every frame, shared by all sequences.</summary>
    public Tensor Weights(ScalarType dtype, Device device) => ones([T], dtype: dtype, device: device);
}
