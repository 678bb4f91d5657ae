using System.Diagnostics;
using System.Globalization;
using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Reports;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Layers;

/// <summary>The time from the start of a process to its first gradient.</summary>
internal static class FirstGradientSection
{
    private const int Processes = 5;

    private static readonly BatchShape Shape = new(1, 100, 4096);

    /// <summary>Starts processes, one after the other.</summary>
    public static Section Run(string device)
    {
        Progress.Say("time to the first gradient");
        var file = Path.GetTempFileName();
        try
        {
            double[][] times = [.. Enumerable.Range(0, Processes).Select(_ => InProcess(device, file))];
            Cell[] row = [.. Enumerable.Range(0, times[0].Length).Select(part => (Cell)Timing.MedianOf([.. times.Select(one => one[part])]))];
            return new(
                "Time to the first gradient in a fresh process",
                $"Medians of {Processes} processes, in ms; frames {Shape} in float32. The parts: the process until its first line of code, libtorch until its first tensor, the frames themselves, and the first pass through "
                + "a layer with its code still to be compiled; then the second pass.",
                [new("until Main", "0"), new("first tensor", "0"), new("frames", "0"), new("first forward + backward", "0"), new("all", "0"), new("second forward + backward", "0.0")],
                [row], []);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>What such a process does: writes the milliseconds of its parts.</summary>
    public static void Measure(Device device, string file)
    {
        using var process = Process.GetCurrentProcess();
        var untilMain = (DateTime.Now - process.StartTime).TotalMilliseconds;
        var parts = new List<double> { untilMain };
        var clock = Stopwatch.StartNew();
        void Part()
        {
            parts.Add(clock.Elapsed.TotalMilliseconds);
            clock.Restart();
        }
        zeros(1).to(device).Dispose();
        Part();
        var frames = Shape.Frames(ScalarType.Float32, device);
        Part();
        var pass = new PoolingPass(new LayerBenchmark(device, ProcessSettings.RecycledMemory).RankPooling(Shape, ScalarType.Float32, 1), frames, isLeaf: true);
        clock.Restart();
        Both(pass);
        Part();
        parts.Add(parts.Sum());
        clock.Restart();
        Both(pass);
        Part();
        File.WriteAllLines(file, parts.Select(part => part.ToString("R", CultureInfo.InvariantCulture)));
    }

    private static void Both(PoolingPass pass)
    {
        pass.Prepare();
        pass.Forward();
        pass.Backward();
        _ = pass.LeafGradient.sum().ToDouble();
    }

    private static double[] InProcess(string device, string file)
    {
        ProcessSettings.RecycledMemory.Start(["layers", "--first-gradient", "--device", device, "--json", file]);
        return [.. File.ReadAllLines(file).Select(line => double.Parse(line, CultureInfo.InvariantCulture))];
    }
}
