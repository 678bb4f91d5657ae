using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Binding;

/// <summary>The operations that are measured; binding.py has the same under the same names.</summary>
internal sealed class BindingOperations : IDisposable
{
    internal const string Add = "add, 4 elements", MatrixProduct = "matmul 16×16", Shape = "shape", Item = "item",
        Function = "custom function, forward + backward", Training = "MLP training step";

    /// <summary>How often each runs in a slice: about a millisecond, shorter than what the kernel lets a process run on a busy machine.</summary>
    internal static readonly IReadOnlyDictionary<string, int> InASlice = new Dictionary<string, int>
    {
        [Add] = 1000,
        [MatrixProduct] = 1000,
        [Shape] = 20_000,
        [Item] = 8000,
        [Function] = 100,
        [Training] = 12,
    };

    private static readonly Scalar One = 1;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly TrainingStep _network = new();
    private readonly Dictionary<string, Action> _operations;

    internal BindingOperations()
    {
        set_num_threads(1);
        Tensor small = randn(4), other = randn(4), matrix = randn(16, 16), number = tensor(1.5);
        Tensor leaf = randn(4, requires_grad: true), weights = ones(4);
        _operations = new()
        {
            [Add] = () => small.add(other, One).Dispose(),
            [MatrixProduct] = () => matrix.matmul(matrix).Dispose(),
            [Shape] = () => _ = small.shape,
            [Item] = () => _ = number.item<double>(),
            [Function] = () => RoundTrip(leaf, weights),
            [Training] = _network.Run,
        };
    }

    internal Action Named(string name) => _operations[name];

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

    /// <summary>Nanoseconds a node that freeing a chain of custom functions takes by its end: the least of three times, which is the same at every length where freeing is linear.</summary>
    internal static double Freeing(int nodes)
    {
        double least = double.PositiveInfinity;
        for (int repetition = 0; repetition < 3; repetition++)
        {
            using var leaf = randn(4, requires_grad: true);
            var end = leaf.alias();
            for (int i = 0; i < nodes; i++)
            {
                using var scope = NewDisposeScope();
                var next = Twice.apply(end).MoveToOuterDisposeScope();
                end.Dispose();
                end = next;
            }
            long start = Stopwatch.GetTimestamp();
            end.Dispose();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalNanoseconds / nodes);
        }
        return least;
    }

    public void Dispose()
    {
        _network.Dispose();
        _scope.Dispose();
    }

    private static void RoundTrip(Tensor leaf, Tensor weights)
    {
        using var scope = NewDisposeScope();
        Twice.apply(leaf).backward([weights]);
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
