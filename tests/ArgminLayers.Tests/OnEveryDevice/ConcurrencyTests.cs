using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.OnEveryDevice;

/// <summary>One layer used by many threads, and for long, on every device. A backward pass on a GPU runs on a thread of libtorch's.</summary>
[Trait("Device", "every")]
[Collection(nameof(ConcurrencyAndMemoryTests))]
public class ConcurrencyTests
{
    public static TheoryData<string, ScalarType> Places => TestDevices.AndDtypes;

    [Theory]
    [MemberData(nameof(Places))]
    public void EightThreadsGetTheirOwnResults(string device, ScalarType dtype)
    {
        foreach (var options in new ArgminOptions[] { new(), new() { Solver = SolverKind.Newton, Hessian = HessianForm.Cholesky } })
        {
            using var scope = NewDisposeScope();
            var pool = new RankPool(options: options);
            var expected = Enumerable.Range(0, 8).Select(seed => Pass(pool, Placement.Plain, seed)).ToArray();
            var failures = new Exception?[8];
            var threads = Enumerable.Range(0, 8).Select(seed => new Thread(() =>
            {
                try
                {
                    for (var repetition = 0; repetition < 5; repetition++)
                    {
                        var own = Pass(pool, new(device, dtype), seed);
                        own.Zip(expected[seed]).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeLessThan(dtype == ScalarType.Float32 ? 1e-4 : 1e-10, $"thread {seed}");
                    }
                }
                catch (Exception failure)
                {
                    failures[seed] = failure;
                }
            })).ToArray();
            Array.ForEach(threads, static thread => thread.Start());
            Array.ForEach(threads, static thread => thread.Join());
            failures.ShouldAllBe(failure => failure == null);
            pool.ThrowIfFailed();
        }
    }

    /// <summary>Nothing is left to the garbage collector: the count is flat without a collection.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void PassesLeaveNothingBehind(string device, ScalarType dtype)
    {
        var place = new Placement(device, dtype);
        foreach (var (options, passes) in new[] { (new ArgminOptions(), 200), (new() { Solver = SolverKind.Newton, Hessian = HessianForm.Cholesky }, 50) })
        {
            var pool = new RankPool(options: options);
            for (var pass = 0; pass < 20; pass++)
                Pass(pool, place, pass % 4);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            var count = Tensor.TotalCount;
            for (var pass = 0; pass < passes; pass++)
                Pass(pool, place, pass % 4);
            Tensor.TotalCount.ShouldBeLessThanOrEqualTo(count, $"{options.Solver} with {options.Hessian}");
        }
    }

    private static double[] Pass(RankPool pool, Placement place, int seed)
    {
        using var scope = NewDisposeScope();
        var v = place.Leaf(new Draw(seed).Normal(3, 5, 4));
        var u = pool.Call(v, place.Positions(5), place.Ones(5));
        u.pow(2).sum().backward();
        // What libtorch keeps of a leaf's gradient is freed with it.
        using var gradient = v.grad!;
        return [.. new[] { u, gradient }.SelectMany(static tensor => tensor.detach().to(float64).cpu().flatten().data<double>().ToArray())];
    }
}
