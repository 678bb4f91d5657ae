using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>Temporaries are safe from the garbage collector, and it learns of native memory.</summary>
public sealed class GarbageCollectionTests
{
    [SkippableFact]
    public void TemporariesSurviveACollectingThread()
    {
        SystemLibtorchOnly.Promise("temporaries are rooted while libtorch reads them");
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                _ = new byte[10_000];
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        double length = double.TryParse(Environment.GetEnvironmentVariable("GC_STRESS_SECONDS"), CultureInfo.InvariantCulture, out double seconds) ? seconds : 2;
        long rounds = 0;
        collector.Start();
        try
        {
            for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < length; rounds++)
            {
                double x = rounds % 7;
                var sum = (tensor(new[] { x, 2.0 }) * 1.5 + 1).add(tensor(new[] { 1.0, 1.0 }), 2.0).sum() - cat([tensor(new[] { x }), ones(1, dtype: float64)]).sum();
                sum.item<double>().ShouldBe(0.5 * x + 8, 1e-12);
            }
        }
        finally
        {
            // A collecting thread that outlived a failure would slow down every test after it.
            stop.Cancel();
            collector.Join();
        }
        rounds.ShouldBeGreaterThan(10);
    }

    [SkippableFact]
    public void UndisposedTensorsDoNotPileUp()
    {
        SystemLibtorchOnly.Promise("native memory presses the garbage collector");
        const long bytes = 4 << 20;
        long most = 0;
        long before = Tensor.TotalCount;
        for (int i = 0; i < 1000; i++)
        {
            _ = empty(bytes / 4);
            most = Math.Max(most, Tensor.TotalCount - before);
        }
        (most * bytes).ShouldBeLessThan(1L << 30);
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
