using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Reproducible random tensors, the same on every libtorch.</summary>
internal sealed class Draw(int seed)
{
    private readonly Random random = new(seed);

    public Tensor Normal(params long[] shape) => Fill(shape, Gaussian);

    public Tensor Uniform(double from, double to, params long[] shape) => Fill(shape, () => from + ((to - from) * random.NextDouble()));

    /// <summary>Frames as a network gives them: smooth in time, L2-normalised, of shape (T, D).</summary>
    public Tensor Frames(long t, long d)
    {
        using var scope = NewDisposeScope();
        var noise = Normal(t, d);
        var mean = noise.cumsum(0) / arange(1, t + 1, dtype: float64).unsqueeze(-1);
        var root = mean.sign() * mean.abs().sqrt();
        return (root / (root * root).sum(dim: -1, keepdim: true).sqrt()).MoveToOuterDisposeScope();
    }

    public int Integer(int from, int to) => random.Next(from, to);

    private double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static Tensor Fill(long[] shape, Func<double> next)
    {
        var values = new double[shape.Aggregate(1L, (product, extent) => product * extent)];
        for (var i = 0; i < values.Length; i++)
            values[i] = next();
        return tensor(values).reshape(shape);
    }
}
