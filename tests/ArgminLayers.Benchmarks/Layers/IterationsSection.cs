using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Reports;
using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Layers;

/// <summary>Iterations and precision over a sweep of C in float32.</summary>
internal static class IterationsSection
{
    private static readonly BatchShape Shape = new(8, 100, 1024);
    private static readonly double[] Sweep = [1e-8, 1e-6, 1e-4, 0.01, 0.1, 1, 10, 100, 1e3, 1e4, 1e6, 1e8];

    /// <summary>Runs the sweep.</summary>
    public static Section Run(LayerBenchmark benchmark)
    {
        Progress.Say("sweep of C");
        using var scope = NewDisposeScope();
        var frames = Shape.Frames(ScalarType.Float32, benchmark.Device);
        var (numbers, weights) = (Shape.Numbers(ScalarType.Float32, benchmark.Device), Shape.Weights(ScalarType.Float32, benchmark.Device));
        return new(
            "Sweep of C in float32",
            $"Frames {Shape}: Newton steps of each sequence, the precision that the solver ended in, how the sequences ended, and the error of u against a solution of the same frames in float64, relative and in norm.",
            [new("C", "0.##E+0"), new("steps, least", "0"), new("median", "0.0"), new("most", "0"), new("precision"), new("status"), new("error of u", "0.0e+0")],
            [.. Sweep.Select(c => Row(c, frames, numbers, weights))], []);
    }

    private static IReadOnlyList<Cell> Row(double c, Tensor frames, Tensor numbers, Tensor weights)
    {
        using var scope = NewDisposeScope();
        using var layer = new RankPoolingLayer(c, LayerBenchmark.Epsilon);
        var result = layer.Solve(frames, numbers, weights);
        var precise = layer.Solve(frames.to(ScalarType.Float64), numbers.to(ScalarType.Float64), weights.to(ScalarType.Float64)).Solution;
        double[] steps = [.. result.Problems.Select(problem => (double)problem.Iterations)];
        return [
            c, steps.Min(), Timing.MedianOf(steps), steps.Max(), Distinct(result.Problems.Select(problem => problem.Precision)), Distinct(result.Problems.Select(problem => problem.Status)),
            (result.Solution.to(ScalarType.Float64) - precise).norm().ToDouble() / precise.norm().ToDouble()];
    }

    private static string Distinct<T>(IEnumerable<T> values) => string.Join(", ", values.Distinct().Select(value => value!.ToString()));
}
