using ArgminLayers.Benchmarks.Measuring;
using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Layers;

/// <summary>What the sections of the <c>layers</c> benchmark share.</summary>
/// <param name="Device">Where tensors live.</param>
/// <param name="Settings">What the process was started with.</param>
internal sealed record LayerBenchmark(Device Device, ProcessSettings Settings)
{
    /// <summary>ε of rank pooling, everywhere.</summary>
    public const double Epsilon = 0.1;

    /// <summary>The values of C.</summary>
    public static IReadOnlyList<double> WeightsC { get; } = [0.01, 1, 100];

    /// <summary>A rank pooling of frames of a shape.</summary>
    public Func<Tensor, Tensor> RankPooling(BatchShape shape, ScalarType dtype, double c, HessianForm hessian = HessianForm.Auto)
    {
        var layer = new RankPoolingLayer(c, Epsilon, new ArgminOptions { Hessian = hessian });
        var (numbers, weights) = (shape.Numbers(dtype, Device).DetachFromDisposeScope(), shape.Weights(dtype, Device).DetachFromDisposeScope());
        return frames => layer.call(frames, numbers, weights);
    }

    /// <summary>The mean over the frames.</summary>
    public static Tensor AveragePooling(Tensor frames) => frames.mean([1L]);
}
