using System.Globalization;
using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>One solver used for long, and by many.</summary>
[Collection(nameof(ConcurrencyAndMemoryTests))]
[CollectionDefinition(nameof(ConcurrencyAndMemoryTests), DisableParallelization = true)]
public class ConcurrencyAndMemoryTests
{
    [Theory]
    [InlineData(SolverKind.SpanNewton)]
    [InlineData(SolverKind.Newton)]
    public void EightThreadsGetTheirOwnResults(SolverKind kind)
    {
        var pool = new RankPool(options: new() { Solver = kind });
        var expected = Enumerable.Range(0, 8).Select(seed => Run(pool, seed)).ToArray();
        var results = new double[8][];
        var threads = Enumerable.Range(0, 8).Select(seed => new Thread(() =>
        {
            for (var repetition = 0; repetition < 10; repetition++)
                results[seed] = Run(pool, seed);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        for (var seed = 0; seed < 8; seed++)
            results[seed].ShouldBe(expected[seed], 1e-12);
        pool.ThrowIfFailed();
    }

    /// <summary>Nothing is left to the garbage collector: the count is flat without a collection. MEMORY_PASSES sets the number of passes, 10,000 otherwise.</summary>
    [Fact]
    public void ThousandsOfPassesLeaveNothingBehind()
    {
        var passes = int.TryParse(Environment.GetEnvironmentVariable("MEMORY_PASSES"), CultureInfo.InvariantCulture, out var given) ? given : 10_000;
        var pool = new RankPool();
        double[] frames = [.. Enumerable.Range(0, 24).Select(i => Math.Sin(i))];
        void Pass()
        {
            using var scope = NewDisposeScope();
            var v = tensor(frames).reshape(2, 4, 3).requires_grad_();
            pool.Call(v, arange(1, 5, dtype: float64), ones(4, dtype: float64)).sum().backward();
            v.grad!.Dispose();
        }
        for (var pass = 0; pass < 1000; pass++)
            Pass();
        // What earlier tests left to the garbage collector must not leave during the count.
        Collect();
        var (count, resident) = (Tensor.TotalCount, Resident());
        for (var pass = 0; pass < passes; pass++)
            Pass();
        Tensor.TotalCount.ShouldBe(count);
        Collect();
        // A leak of one (2, 4, 3) gradient a pass would be 2 MB, of a graph node 10 MB.
        (Resident() - resident).ShouldBeLessThan(12 << 20);
    }

    /// <summary>Every way to a solution, back from it, and to second derivatives where there are any.</summary>
    [Fact]
    public void NoSolverAndNoFormLeavesATensorBehind()
    {
        foreach (var kind in Solvers.All)
        {
            foreach (var form in RankPoolingLayer.Info.HessianForms)
            {
                var pool = new RankPool(options: new() { Solver = kind, Hessian = form });
                void Pass()
                {
                    using var scope = NewDisposeScope();
                    var v = new Draw(1).Normal(3, 4, 5).requires_grad_();
                    pool.Call(v, arange(1, 5, dtype: float64), ones(4, dtype: float64)).pow(2).sum().backward(create_graph: true);
                    v.grad!.Dispose();
                }
                Pass();
                // What belongs to nobody is the garbage collector's, which is not asked for long; libtorch keeps one pass's gradients.
                Collect();
                var count = Tensor.TotalCount;
                for (var pass = 0; pass < 10; pass++)
                    Pass();
                Collect();
                Tensor.TotalCount.ShouldBeLessThanOrEqualTo(count, $"{kind} with {form}");
            }
        }
    }

    /// <summary>Nothing that native code still reads is finalised under it. GC_STRESS_SECONDS sets how long, 2 seconds otherwise; every solver has its turn however slow the machine is.</summary>
    [Fact]
    public void ResultsSurviveACollectingThread()
    {
        var length = double.TryParse(Environment.GetEnvironmentVariable("GC_STRESS_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 2;
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
        var pools = Solvers.All.Select(static kind => new RankPool(options: new() { Solver = kind })).ToArray();
        var expected = pools.Select(static pool => Run(pool, 5)).ToArray();
        var rounds = 0;
        collector.Start();
        try
        {
            for (var clock = System.Diagnostics.Stopwatch.StartNew(); rounds <= pools.Length || clock.Elapsed.TotalSeconds < length; rounds++)
                Run(pools[rounds % pools.Length], 5).ShouldBe(expected[rounds % pools.Length], 1e-12);
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    [Fact]
    public void APassOutsideAnyScopeLeavesOnlyItsResults()
    {
        var pool = new RankPool();
        var (v, t, weight) = (new Draw(1).Normal(4, 3).requires_grad_(), arange(1, 5, dtype: float64), ones(4, dtype: float64));
        long Left()
        {
            var before = Tensor.TotalCount;
            using var u = pool.Call(v, t, weight);
            return Tensor.TotalCount - before;
        }
        Left();
        Left().ShouldBeLessThanOrEqualTo(6);
    }

    [Fact]
    public void AForwardPassReleasesTheGradientsOfTheLastBackwardPass()
    {
        var pool = new RankPool();
        var (t, weight) = (arange(1, 5, dtype: float64), ones(4, dtype: float64));
        using (var scope = NewDisposeScope())
        {
            var v = new Draw(1).Normal(4, 3).requires_grad_();
            pool.Call(v, t, weight).sum().backward();
        }
        var kept = Tensor.TotalCount;
        using (var scope = NewDisposeScope())
            pool.Call(new Draw(1).Normal(4, 3), t, weight);
        Tensor.TotalCount.ShouldBeLessThanOrEqualTo(kept);
    }

    [Fact]
    public void NeitherCultureNorDefaultDtypeMatters()
    {
        var (culture, expected) = (CultureInfo.CurrentCulture, Run(new RankPool(), 3));
        try
        {
            foreach (var name in new[] { "tr-TR", "sv-SE", "de-DE", "fa-IR" })
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(name);
                foreach (var dtype in new[] { ScalarType.Float32, ScalarType.Float64 })
                {
                    set_default_dtype(dtype);
                    foreach (var kind in Solvers.All)
                        Run(new RankPool(options: new() { Solver = kind }), 3).ShouldBe(expected, 1e-6);
                    using var scope = NewDisposeScope();
                    var draw = new Draw(1);
                    var exception = Should.Throw<ArgminException>(() => LogisticProblem.Solver(new() { MaxIterations = 1 }).Call(
                        draw.Normal(4, 6) * 3, draw.Normal(4), draw.Normal(6), tensor(0.1)));
                    exception.Message.ShouldMatch(@"gradient norm [0-9]+\.[0-9]+ after 1 iterations");
                }
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
            set_default_dtype(ScalarType.Float32);
        }
    }

    /// <summary>A model's own random numbers, those of its dropout for instance, are the same with a layer as without.</summary>
    [Fact]
    public void NoRandomNumberIsTakenFromTheDefaultGenerator()
    {
        using var scope = NewDisposeScope();
        manual_seed(4);
        var before = get_rng_state().data<byte>().ToArray();
        foreach (var kind in Solvers.All)
            Run(new RankPool(options: new() { Solver = kind }), 3);
        var draw = new Draw(5);
        new ArgminSolver(RankPoolingProblem.Facts, new(), inputs => new RankPoolingProblem(inputs))
            .Check(RankPoolingChecks.Written, null, draw.Normal(3, 2), draw.Normal(3), ones(3, dtype: float64), tensor(1.0), tensor(0.1)).Passed.ShouldBeTrue();
        get_rng_state().data<byte>().ToArray().ShouldBe(before);
    }

    /// <summary>Failures from many threads are kept once, and thrown once.</summary>
    [Fact]
    public void ThrowIfFailedIsThreadSafe()
    {
        var pool = new RankPool(options: new() { Hessian = HessianForm.Diagonal });
        var thrown = 0;
        var threads = Enumerable.Range(0, 8).Select(seed => new Thread(() =>
        {
            using var scope = NewDisposeScope();
            var v = new Draw(seed).Normal(4, 3).requires_grad_();
            pool.Call(v, arange(1, 5, dtype: float64), ones(4, dtype: float64)).sum().backward(create_graph: true);
        })).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Parallel.For(0, 8, _ =>
        {
            try
            {
                pool.ThrowIfFailed();
            }
            catch (ArgminException)
            {
                Interlocked.Increment(ref thrown);
            }
        });
        thrown.ShouldBe(1);
    }

    private static double[] Run(RankPool pool, int seed)
    {
        using var scope = NewDisposeScope();
        var v = new Draw(seed).Normal(3, 5, 4).requires_grad_();
        var u = pool.Call(v, arange(1, 6, dtype: float64), ones(5, dtype: float64));
        u.pow(2).sum().backward();
        return [.. u.detach().flatten().data<double>().ToArray(), .. v.grad!.flatten().data<double>().ToArray()];
    }

    /// <summary>Returns all unused managed memory to the system.</summary>
    private static void Collect()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private static long Resident()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
