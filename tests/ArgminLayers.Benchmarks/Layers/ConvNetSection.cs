using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Reports;
using RankPool.Data;
using RankPool.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Layers;

/// <summary>Rank pooling inside the training step of a ConvNet: its share, and the frames that go through in a second.</summary>
internal static class ConvNetSection
{
    private const double MostShare = 0.5, LeastThroughput = 98;
    private const int Classes = 10;

    /// <summary>Trains networks with average and with exact rank pooling, in turns.</summary>
    public static Section Run(LayerBenchmark benchmark)
    {
        var rows = new List<IReadOnlyList<Cell>>();
        var bars = new List<Bar>();
        Measure(benchmark, NetworkChoice.Tiny, new(32, 32, 3), 256, videos: 8, frames: 30, rounds: 25, rows, null);
        Measure(benchmark, NetworkChoice.CaffeNet, new(227, 227, 3), 4096, videos: 1, frames: 30, rounds: 9, rows, benchmark.Device.type == DeviceType.CPU ? bars : null);
        return new(
            "In the training step of a ConvNet",
            "float32, C = 1. A step is forward and backward through network, pooling and classifier, without the optimizer, which is the same for both. The share is that of rank pooling's own forward and "
            + "backward pass on the same number of frames. Throughput is that of exact rank pooling in percent of average pooling's, the median over rounds that run both.",
            [
                new("network"), new("videos × frames"), new("step with average pooling, ms", "0.0"), new("frames/s", "0.0"), new("with rank pooling, ms", "0.0"), new("frames/s", "0.0"),
                new("throughput, %", "0.0"), new("rank pooling alone, ms"), new("share, %", "0.000"),
            ],
            rows, bars);
    }

    private static void Measure(
        LayerBenchmark benchmark, NetworkChoice choice, FrameSize size, int features, int videos, int frames, int rounds, List<IReadOnlyList<Cell>> rows, List<Bar>? bars)
    {
        Progress.Say($"training step: {choice.Name}");
        using var scope = NewDisposeScope();
        var device = benchmark.Device;
        var images = rand(videos * frames, size.Channels, size.Height, size.Width).to(device);
        var labels = zeros([videos], dtype: ScalarType.Int64, device: device);
        using var network = choice.Create(size, features).to(device);
        using var classifier = nn.Linear(features, Classes).to(device);
        var shape = new BatchShape(videos, frames, features);
        var rank = benchmark.RankPooling(shape, ScalarType.Float32, 1);

        void Step(Func<Tensor, Tensor> pool)
        {
            var frameFeatures = nn.functional.normalize(network.call(images), dim: -1).reshape(videos, frames, features);
            var scores = classifier.call(nn.functional.normalize(pool(frameFeatures), dim: -1));
            nn.functional.cross_entropy(scores, labels).backward();
        }
        void Forget()
        {
            foreach (var parameter in network.parameters().Concat(classifier.parameters()))
                parameter.grad = null;
        }

        Tensor sample;
        using (no_grad())
            sample = nn.functional.normalize(network.call(images), dim: -1).reshape(videos, frames, features);
        var alone = new PoolingPass(rank, sample);
        var times = new Contest(device)
            .Enter("average", () => Step(LayerBenchmark.AveragePooling), Forget)
            .Enter("rank", () => Step(rank), Forget)
            .Enter("forward", alone.Forward, alone.Prepare)
            .Enter("backward", alone.Backward)
            .Run(rounds);

        var pooling = times["forward"] + times["backward"];
        var (share, throughput) = (100 * pooling.RatioTo(times["rank"]), 100 * times["average"].RatioTo(times["rank"]));
        double count = videos * frames;
        rows.Add([
            choice.Name, $"{videos} × {frames}", times["average"].Median * 1e3, count / times["average"].Median, times["rank"].Median * 1e3, count / times["rank"].Median,
            throughput, pooling.Median * 1e3, share]);
        bars?.Add(new($"share of a {choice.Name} training step", share, MostShare, true, "%"));
        bars?.Add(new($"training throughput of {choice.Name}, exact rank pooling against average pooling", throughput, LeastThroughput, false, "%"));
    }
}
