using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Reports;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Layers;

/// <summary>Forward and backward pass against the one product V Vᵀ and against average pooling.</summary>
internal static class ProductSection
{
    private const string Product = "V Vᵀ", Average = "average";
    private const double ForwardBar = 1.30, BackwardBar = 0.6;

    private static readonly BatchShape[] Shapes = [new(8, 30, 256), new(1, 100, 4096), BatchShape.Main, new(64, 300, 4096)];

    /// <summary>All shapes, dtypes and values of C.</summary>
    public static Section Run(LayerBenchmark benchmark)
    {
        var rows = new List<IReadOnlyList<Cell>>();
        var bars = new List<Bar>();
        foreach (var shape in Shapes)
        {
            foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
            {
                Progress.Say($"against V Vᵀ: {shape} {dtype}");
                var isMain = shape == BatchShape.Main && dtype == ScalarType.Float32;
                Measure(benchmark, shape, dtype, LayerBenchmark.WeightsC, isMain ? [false, true] : [false], rows, bars);
            }
        }
        return Section(benchmark, rows, benchmark.Device.type == DeviceType.CPU ? bars : []);
    }

    /// <summary>The main shape alone.</summary>
    public static Section RunMain(LayerBenchmark benchmark)
    {
        Progress.Say($"against V Vᵀ: {BatchShape.Main}, {benchmark.Settings.Name}");
        var rows = new List<IReadOnlyList<Cell>>();
        Measure(benchmark, BatchShape.Main, ScalarType.Float32, [1], [false, true], rows, []);
        return Section(benchmark, rows, []);
    }

    private static void Measure(
        LayerBenchmark benchmark, BatchShape shape, ScalarType dtype, IReadOnlyList<double> weights, bool[] leaves, List<IReadOnlyList<Cell>> rows, List<Bar> bars)
    {
        using var scope = NewDisposeScope();
        var frames = shape.Frames(dtype, benchmark.Device);
        var transposed = frames.transpose(1, 2);
        var contest = new Contest(benchmark.Device).Enter(Product, () => bmm(frames, transposed));
        var average = new PoolingPass(LayerBenchmark.AveragePooling, frames);
        contest.Enter(Average, () => Both(average), average.Prepare);
        foreach (var leaf in leaves)
        {
            foreach (var c in weights)
            {
                var pass = new PoolingPass(benchmark.RankPooling(shape, dtype, c), frames, leaf);
                contest.Enter(Name(c, leaf, "forward"), pass.Forward, pass.Prepare).Enter(Name(c, leaf, "backward"), pass.Backward);
            }
        }

        var times = contest.Run(Rounds(shape));
        foreach (var leaf in leaves)
        {
            foreach (var c in weights)
            {
                var (forward, backward) = (times[Name(c, leaf, "forward")], times[Name(c, leaf, "backward")]);
                var (product, mean) = (times[Product], times[Average]);
                rows.Add([
                    shape.ToString(), dtype.ToString().ToLowerInvariant(), leaf ? "leaf" : "inner", c, product.Median * 1e3,
                    forward.Median * 1e3, forward.RatioTo(product), forward.LeastRatioTo(product),
                    backward.Median * 1e3, backward.RatioTo(product), backward.LeastRatioTo(product), (forward + backward).RatioTo(mean)]);
                if (shape != BatchShape.Main || dtype != ScalarType.Float32 || c != 1)
                    continue;
                var which = $"at {shape} float32, C = 1, V {(leaf ? "a leaf" : "of a network")}";
                bars.Add(new($"forward {which}", forward.RatioTo(product), ForwardBar, true, "× V Vᵀ"));
                bars.Add(new($"backward {which}", backward.RatioTo(product), BackwardBar, true, "× V Vᵀ"));
            }
        }
    }

    private static void Both(PoolingPass pass)
    {
        pass.Forward();
        pass.Backward();
    }

    private static Section Section(LayerBenchmark benchmark, List<IReadOnlyList<Cell>> rows, List<Bar> bars) => new(
        $"Against the one product V Vᵀ ({benchmark.Settings.Name})",
        "Every ratio is the median of the ratios in one round, where both sides run one after the other; beside it, of the shortest times. V is a leaf, or the output of a network.",
        [
            new("(B, T, D)"), new("dtype"), new("V"), new("C", "0.##"), new("V Vᵀ, ms"), new("forward, ms"), new("× V Vᵀ"), new("least"),
            new("backward, ms"), new("× V Vᵀ"), new("least"), new("both ÷ average pooling", "0.0"),
        ],
        rows, bars);

    private static string Name(double c, bool leaf, string part) => FormattableString.Invariant($"{part} {c} {leaf}");

    private static int Rounds(BatchShape shape) => (shape.B * shape.T * shape.T * shape.D) switch
    {
        < 100_000_000 => 60,
        < 10_000_000_000 => 15,
        _ => 3,
    };
}
