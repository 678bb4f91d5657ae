using ArgminLayers.Benchmarks.Layers;
using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Reports;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Peers;

/// <summary>The forward pass against liblinear, whose regression rank pooling is made of elsewhere.</summary>
internal static class LiblinearSection
{
    private const double LeastSpeed = 5;
    private const int Rounds = 7;

    /// <summary>How many sequences of the batch liblinear gets in a round.</summary>
    private const int Sequences = 2;

    /// <summary>How much higher an objective value may be, relative, to count as the same as ours.</summary>
    private const double SameValue = 1e-6;

    /// <summary>Both solvers with their standard tolerances, and the dual one with a tolerance that gives values like ours.</summary>
    private static readonly (string Name, Liblinear.Solver Solver, double Tolerance)[] Ways =
        [("primal", Liblinear.Solver.Primal, 1e-4), ("dual", Liblinear.Solver.Dual, 0.1), ("dual, -e 1e-4", Liblinear.Solver.Dual, 1e-4)];

    private static readonly BatchShape Batch = BatchShape.Main;

    /// <summary>Measures, or says that liblinear is missing.</summary>
    public static Section Run(LayerBenchmark benchmark)
    {
        var rows = new List<IReadOnlyList<Cell>>();
        var bars = new List<Bar>();
        if (Liblinear.IsInstalled)
            Measure(benchmark, rows, bars);
        return new(
            "liblinear",
            Liblinear.IsInstalled
                ? "The same float32 frames, in liblinear's own form before the clock starts; its library is called in this process, on one thread, with its standard tolerances, and once with a smaller one. Milliseconds for a sequence; excess is "
                    + "how far its objective value lies above ours, relative, both taken in float64."
                : "Not installed here (Debian's package liblinear4), so not measured.",
            [
                new("(T, D)"), new("C", "0.##"), new("solver"), new("liblinear, ms"), new("ours, B = 32, ms"), new("times as fast", "0.0"), new("ours, B = 1, ms"), new("times as fast", "0.0"), new("excess", "0.0e+0"),
            ],
            rows, bars);
    }

    private static void Measure(LayerBenchmark benchmark, List<IReadOnlyList<Cell>> rows, List<Bar> bars)
    {
        using var scope = NewDisposeScope();
        var frames = Batch.Frames(ScalarType.Float32, benchmark.Device);
        var one = frames.narrow(0, 0, 1);
        var sequences = Enumerable.Range(0, Sequences).Select(i => new Liblinear.Sequence(frames[i])).ToArray();
        var (slowest, slowestSame, slowestOne, worst) = (double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity);
        foreach (var c in LayerBenchmark.WeightsC)
        {
            Progress.Say(FormattableString.Invariant($"liblinear, C = {c}"));
            var pool = benchmark.RankPooling(Batch, ScalarType.Float32, c);
            using var noGradient = no_grad();
            var contest = new Contest(benchmark.Device).Enter("batch", () => pool(frames)).Enter("one", () => pool(one));
            foreach (var (name, solver, tolerance) in Ways)
            {
                contest.Enter(name, () =>
                {
                    foreach (var sequence in sequences)
                        sequence.Train(solver, tolerance, c, LayerBenchmark.Epsilon);
                });
            }
            var times = contest.Run(Rounds);
            var ours = Objective(frames, pool(frames), c);
            foreach (var (name, solver, tolerance) in Ways)
            {
                var theirs = Objective(frames.narrow(0, 0, Sequences), stack(sequences.Select(sequence => tensor(sequence.Train(solver, tolerance, c, LayerBenchmark.Epsilon))).ToArray(), 0), c);
                var excess = (theirs / ours.narrow(0, 0, Sequences) - 1).min().ToDouble();
                var time = times[name];
                var (batchSpeed, oneSpeed) = (time.RatioTo(times["batch"]) * Batch.B / Sequences, time.RatioTo(times["one"]) / Sequences);
                rows.Add([
                    $"({Batch.T}, {Batch.D})", c, name, time.Median * 1e3 / Sequences, times["batch"].Median * 1e3 / Batch.B, batchSpeed,
                    times["one"].Median * 1e3, oneSpeed, excess]);
                if (excess <= SameValue)
                    slowestSame = Math.Min(slowestSame, batchSpeed);
                (slowest, slowestOne, worst) = (Math.Min(slowest, batchSpeed), Math.Min(slowestOne, oneSpeed), Math.Min(worst, excess));
            }
        }
        foreach (var sequence in sequences)
            sequence.Dispose();
        bars.Add(new("times as fast as liblinear for a sequence, in batches of 32, least over C and the ways whose objective lies within 1e-6 of ours", slowestSame, LeastSpeed, false));
        bars.Add(new("the same over all ways", slowest, LeastSpeed, false));
        bars.Add(new("the same over all ways, for a single sequence", slowestOne, LeastSpeed, false));
        bars.Add(new("liblinear's objective above ours, least excess", worst, 0, false, ""));
    }

    /// <summary>½‖u‖² + (C/2) Σ_t [|uᵀv_t − t| − ε]₊² in float64, (B).</summary>
    private static Tensor Objective(Tensor frames, Tensor u, double c)
    {
        var (v, w) = (frames.cpu().to(ScalarType.Float64), u.cpu().to(ScalarType.Float64));
        var excess = ((v.matmul(w.unsqueeze(-1)).squeeze(-1) - arange(1, v.size(1) + 1, dtype: ScalarType.Float64)).abs() - LayerBenchmark.Epsilon).clamp_min(0);
        return 0.5 * (w * w).sum(1) + 0.5 * c * (excess * excess).sum(1);
    }
}
