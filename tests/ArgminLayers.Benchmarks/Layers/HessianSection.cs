using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Reports;
using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Layers;

/// <summary>Time, peak memory and gradient error of every form of the Hessian.</summary>
internal static class HessianSection
{
    private const double C = 1;

    private static readonly BatchShape[] Shapes = [new(8, 30, 256), new(1, 100, 4096)];

    /// <summary>Measures all forms.</summary>
    public static Section Run(LayerBenchmark benchmark)
    {
        var rows = new List<IReadOnlyList<Cell>>();
        foreach (var shape in Shapes)
        {
            Progress.Say($"forms of the Hessian: {shape}");
            using var scope = NewDisposeScope();
            var frames = shape.Frames(ScalarType.Float32, benchmark.Device);
            var reference = DenseReference.Gradient(
                frames, shape.Numbers(ScalarType.Float32, benchmark.Device), Weights(frames), C, LayerBenchmark.Epsilon);
            var passes = RankPoolingLayer.Info.HessianForms.ToDictionary(form => form, form => new PoolingPass(benchmark.RankPooling(shape, ScalarType.Float32, C, form), frames, isLeaf: true));
            foreach (var (form, pass) in passes)
            {
                pass.Gradient = Weights(frames);
                // What Linux counts of this process says nothing about a GPU's memory.
                var peak = double.NaN;
                if (benchmark.Device.type == DeviceType.CPU)
                    peak = ResidentMemory.PeakOf(() => Once(pass));
                else
                    Once(pass);
                var error = (pass.LeafGradient.to(ScalarType.Float64) - reference).norm().ToDouble() / reference.norm().ToDouble();
                var times = new Contest(benchmark.Device).Enter("forward", pass.Forward, pass.Prepare).Enter("backward", pass.Backward).Run(form == HessianForm.ShermanMorrison ? 3 : 7);
                rows.Add([
                    shape.ToString(), form.ToString(), form == HessianForm.Diagonal ? "approximation" : "exact", times["forward"].Median * 1e3, times["backward"].Median * 1e3,
                    (times["forward"] + times["backward"]).Median * 1e3, peak / (1 << 20), error]);
            }
        }
        return new(
            "Forms of the Hessian, the paper's claim as a table",
            "float32, C = 1. The forward pass solves and factorises the form at the solution, the backward pass solves with it. ShermanMorrison is the recursion of the paper's Lemma 3. The error is that of "
            + "∂L/∂V, relative and in norm, against a dense solution in float64 that shares no code with the library; the peak is what both passes take above the frames.",
            [
                new("(B, T, D)"), new("form"), new("kind"), new("forward, ms"), new("backward, ms"), new("both, ms"), new("peak, MiB", "0"), new("error of ∂L/∂V", "0.0e+0"),
            ],
            rows, []);
    }

    private static void Once(PoolingPass pass)
    {
        using var scope = NewDisposeScope();
        pass.Prepare();
        pass.Forward();
        pass.Backward();
    }

    private static Tensor Weights(Tensor frames)
    {
        manual_seed(11);
        return randn_like(frames.select(1, 0));
    }
}
