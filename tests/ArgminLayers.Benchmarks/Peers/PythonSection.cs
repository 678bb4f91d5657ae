using ArgminLayers.Benchmarks.Layers;
using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Reports;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Peers;

/// <summary>The backward pass against what a user of PyTorch would write: a dense Hessian by autograd, or steps of gradient descent that are differentiated through.</summary>
internal static class PythonSection
{
    private const double LeastSpeed = 100, C = 1;
    private const int Rounds = 15;
    private const string Implicit = "implicit";

    private static readonly BatchShape Shape = new(8, 100, 512);

    /// <summary>Measures, or says what is missing.</summary>
    public static Section Run(LayerBenchmark benchmark, IReadOnlyList<string> pythons)
    {
        using var scope = NewDisposeScope();
        var frames = Shape.Frames(ScalarType.Float32, CPU);
        var pass = new PoolingPass(benchmark.RankPooling(Shape, ScalarType.Float32, C), frames, isLeaf: true);
        Tensor solution;
        using (no_grad())
            solution = benchmark.RankPooling(Shape, ScalarType.Float32, C)(frames);
        var before = Ours(pass, benchmark.Device);
        Progress.Say("Python's torch");
        var python = pythons.Select(one => PythonTorch.Run(one, Shape, frames, pass.Gradient, solution, C)).FirstOrDefault(result => result is not null);
        var after = Ours(pass, benchmark.Device);
        var backward = new Timing([.. before.Backward.Seconds, .. after.Backward.Seconds]);
        var both = before.Forward.Median + before.Backward.Median;

        var reference = DenseReference.Gradient(frames, Shape.Numbers(ScalarType.Float32, CPU), pass.Gradient, C, LayerBenchmark.Epsilon);
        double Error(Tensor gradient) => (gradient.to(ScalarType.Float64) - reference).norm().ToDouble() / reference.norm().ToDouble();
        var rows = new List<IReadOnlyList<Cell>> { new Cell[] { "this library, backward", backward.Median * 1e3, 1, Error(pass.LeafGradient) }, new Cell[] { "this library, forward + backward", both * 1e3, double.NaN, double.NaN } };
        var fastest = double.PositiveInfinity;
        foreach (var ((way, seconds), gradient) in (python?.Seconds ?? new Dictionary<string, double[]>()).Zip(python?.Gradients ?? []))
        {
            var isImplicit = way.StartsWith(Implicit, StringComparison.Ordinal);
            var ratio = Timing.MedianOf(seconds) / (isImplicit ? backward.Median : both);
            rows.Add([way, Timing.MedianOf(seconds) * 1e3, ratio, Error(gradient)]);
            if (isImplicit)
                fastest = Math.Min(fastest, ratio);
        }
        return new(
            "Python's torch",
            (python is null
                ? "Python's torch and numpy are not installed here (Debian's packages python3-torch and python3-numpy), so nothing was compared. "
                : $"Python's torch {python.Version}, medians, on the same frames {Shape} in float32, C = 1. Implicit differentiation is timed without the solution, which it is given, against our backward pass; "
                    + "unrolled steps against our forward and backward pass. Errors as in the table of Hessian forms. ")
            + $"Not installed here, so not measured: {string.Join(", ", python?.Missing ?? [])}. scikit-learn's LinearSVR is liblinear.",
            [new("way"), new("ms"), new("times ours", "0"), new("error of ∂L/∂V", "0.0e+0")],
            rows,
            python is null ? [] : [new("our backward pass against the fastest dense Hessian", fastest, LeastSpeed, false)]);
    }

    private static (Timing Forward, Timing Backward) Ours(PoolingPass pass, Device device)
    {
        var times = new Contest(device).Enter("forward", pass.Forward, pass.Prepare).Enter("backward", pass.Backward).Run(Rounds);
        return (times["forward"], times["backward"]);
    }
}
