using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Reports;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Layers;

/// <summary>How time grows with frames, features and sequences.</summary>
internal static class GrowthSection
{
    private const int Rounds = 9;

    private static readonly (string Of, BatchShape[] Shapes)[] Series =
    [
        ("T", [new(8, 50, 2048), new(8, 100, 2048), new(8, 200, 2048), new(8, 400, 2048)]),
        ("D", [new(8, 100, 1024), new(8, 100, 2048), new(8, 100, 4096), new(8, 100, 8192)]),
        ("B", [new(4, 100, 2048), new(8, 100, 2048), new(16, 100, 2048), new(32, 100, 2048)]),
    ];

    /// <summary>Measures the series.</summary>
    public static Section Run(LayerBenchmark benchmark) => new(
        "Growth",
        "float32, C = 1. The exponent p of time ~ nᵖ, fitted by least squares on logarithms; V Vᵀ itself should grow with 2, 1 and 1.",
        [new("n"), new("from"), new("to"), new("forward, p"), new("backward, p"), new("V Vᵀ, p")],
        [.. Series.Select(series => Row(benchmark, series.Of, series.Shapes))], []);

    private static IReadOnlyList<Cell> Row(LayerBenchmark benchmark, string of, BatchShape[] shapes)
    {
        Progress.Say($"growth with {of}");
        var (forward, backward, product) = (new List<(double, double)>(), new List<(double, double)>(), new List<(double, double)>());
        foreach (var shape in shapes)
        {
            using var scope = NewDisposeScope();
            double size = of == "T" ? shape.T : of == "D" ? shape.D : shape.B;
            var frames = shape.Frames(ScalarType.Float32, benchmark.Device);
            var transposed = frames.transpose(1, 2);
            var pass = new PoolingPass(benchmark.RankPooling(shape, ScalarType.Float32, 1), frames);
            var times = new Contest(benchmark.Device).Enter("forward", pass.Forward, pass.Prepare).Enter("backward", pass.Backward)
                .Enter("product", () => bmm(frames, transposed)).Run(Rounds);
            forward.Add((size, times["forward"].Minimum));
            backward.Add((size, times["backward"].Minimum));
            product.Add((size, times["product"].Minimum));
        }
        return [of, shapes[0].ToString(), shapes[^1].ToString(), GrowthExponent.Fit(forward), GrowthExponent.Fit(backward), GrowthExponent.Fit(product)];
    }
}
