using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Binding;

/// <summary>Nanoseconds per operation, the fastest of several rounds.</summary>
internal static class BindingBenchmark
{
    internal const string Add = "add, 4 elements", MatrixProduct = "matmul 16×16", Shape = "shape", Item = "item",
        Function = "custom function, forward + backward", Training = "MLP training step";

    private static readonly Scalar One = 1;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5);

    internal static IReadOnlyDictionary<string, double> Run(int rounds)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        Tensor small = randn(4), other = randn(4), matrix = randn(16, 16), number = tensor(1.5);
        using var network = new TrainingStep();
        var leaf = randn(4, requires_grad: true);
        var weights = ones(4);
        return new Dictionary<string, double>
        {
            [Add] = Measure(rounds, 20_000, () => small.add(other, One).Dispose()),
            [MatrixProduct] = Measure(rounds, 10_000, () => matrix.matmul(matrix).Dispose()),
            [Shape] = Measure(rounds, 200_000, () => _ = small.shape),
            [Item] = Measure(rounds, 100_000, () => _ = number.item<double>()),
            [Function] = Measure(rounds, 3_000, () => RoundTrip(leaf, weights)),
            [Training] = Measure(rounds, 200, network.Run),
        };
    }

    /// <summary>Bytes that reading a shape allocates, on average.</summary>
    internal static double ShapeAllocation()
    {
        using var small = randn(4);
        const int reads = 10_000;
        _ = small.shape;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < reads; i++)
            _ = small.shape;
        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)reads;
    }

    private static void RoundTrip(Tensor leaf, Tensor weights)
    {
        using var scope = NewDisposeScope();
        Twice.apply(leaf).backward([weights]);
    }

    private static double Measure(int rounds, int count, Action operation)
    {
        // Until the just-in-time compiler, which waits for a quiet moment, has put optimised code in the place of its first.
        long warmUp = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(warmUp) < WarmUp)
            operation();
        double best = double.PositiveInfinity;
        for (int round = 0; round < rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count; i++)
                operation();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / count);
        }
        return best;
    }

    private sealed class Twice : autograd.SingleTensorFunction<Twice>
    {
        private static readonly Scalar Two = 2;

        public override string Name => nameof(Twice);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            return x.mul(Two);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            _ = ctx.get_saved_variables()[0];
            return [grad_output.mul(Two)];
        }
    }
}
