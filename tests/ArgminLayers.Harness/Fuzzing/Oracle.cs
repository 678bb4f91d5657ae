using System.Runtime.InteropServices;
using ArgminLayers.Generator;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>
/// Compares a layer with double-backward autograd in float64. A piece is right when its distance from the oracle, in the norm, is at most 1e-8 of the oracle's own
/// norm and ten times what the oracle itself moves when every input moves by one unit in the last place.
/// </summary>
internal sealed class Oracle
{
    private const double Relative = 1e-8;
    private const double SpreadFactor = 10;

    /// <summary>Where the oracle is 0 and generated code cancels to it: far below any term of values that are within 8.</summary>
    private const double Absolute = 1e-12;

    private const double UnitInTheLastPlace = 2.220446049250313e-16;
    private const string NoOracle = "autograd has no finite value here";
    private const int BatchSize = 3;
    private readonly Layer layer;
    private readonly RandomObjective objective;
    private readonly Random random;
    private readonly FuzzReport report;

    private Oracle(Layer layer, RandomObjective objective, Random random, FuzzReport report)
    {
        this.layer = layer;
        this.objective = objective;
        this.random = random;
        this.report = report;
    }

    /// <summary>Checks every piece at a regular point, then a batch; null where all is right or there is no such point.</summary>
    public static Mismatch? Check(Layer layer, RandomObjective objective, Random random, FuzzReport report) => new Oracle(layer, objective, random, report).Check();

    private Mismatch? Check()
    {
        const int Attempts = 40;
        using var scope = NewDisposeScope();
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var point = Draw();
            if (!objective.IsRegularAt(point))
            {
                report.Redrawn++;
                continue;
            }

            var seed = random.Next();
            var single = Compare(point, [point], (points, comparison) =>
            {
                var y = (Tensor)points[0].Arguments[PieceChecks.VariableOf(layer)];
                PieceChecks.Check(layer, points[0].Arguments, PieceChecks.Direction(y, seed), comparison);
            });
            if (single is NoOracle)
            {
                report.Redrawn++;
                continue;
            }

            return single is null ? CheckBatch(point, seed) : new Mismatch(objective, single, point);
        }

        report.Pointless++;
        return null;
    }

    private Mismatch? CheckBatch(Point point, int seed)
    {
        const int Attempts = 10;
        var inputs = PieceChecks.InputsOf(layer);
        var shared = inputs[random.Next(inputs.Count)];
        var points = new List<Point> { point };
        for (var attempt = 0; attempt < Attempts && points.Count < BatchSize; attempt++)
        {
            var other = new Point(point.Extents, objective.Parameters.ToDictionary(
                parameter => parameter.Name,
                parameter => parameter.IsTensor && parameter.Name != shared ? parameter.Draw(random, point.Extents) : point.Arguments[parameter.Name]));
            if (objective.IsRegularAt(other))
            {
                points.Add(other);
            }
        }

        var what = Compare(point, points, (all, comparison) =>
            PieceChecks.CheckBatch(layer, all.Select(one => one.Arguments).ToList(), shared, seed, comparison));
        return what is null or NoOracle ? null : new Mismatch(objective, $"in a batch of {points.Count} that shares '{shared}': {what}", point);
    }

    /// <summary>What differs; null where nothing does.</summary>
    private string? Compare(Point point, IReadOnlyList<Point> points, Action<IReadOnlyList<Point>, PieceComparison> check)
    {
        var observed = new List<(string What, Tensor Actual, Tensor Expected)>();
        try
        {
            check(points, (actual, expected, what) => observed.Add((what, actual, expected)));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return observed.Any(one => !IsFinite(one.Expected)) || !points.All(HasOracle) ? NoOracle : Message(exception);
        }

        report.Comparisons += observed.Count;
        if (observed.Any(one => !IsFinite(one.Expected)))
        {
            return NoOracle;
        }

        double[]? spreads = null;
        for (var k = 0; k < observed.Count; k++)
        {
            var (what, actual, expected) = observed[k];
            var difference = (actual - expected).norm().ToDouble();
            var allowed = (Relative * expected.norm().ToDouble()) + Absolute;
            if (!(difference <= allowed))
            {
                spreads ??= Spreads(points, check, observed.Select(one => one.Expected).ToList());
                allowed += SpreadFactor * spreads[k];
                if (!(difference <= allowed))
                {
                    return FormattableString.Invariant($"{what}: ‖actual − expected‖ = {difference:e2}, allowed {allowed:e2}, ‖expected‖ = {expected.norm().ToDouble():e2}");
                }
            }
        }

        return null;
    }

    /// <summary>Whether autograd differentiates the objective here without an error of its own: libtorch 1.13 does not differentiate linalg.solve of a 1×1 matrix twice.</summary>
    private bool HasOracle(Point point)
    {
        var arguments = point.Arguments.ToDictionary(pair => pair.Key, pair => pair.Value is Tensor tensor ? tensor.detach().requires_grad_() : pair.Value);
        var y = (Tensor)arguments[PieceChecks.VariableOf(layer)];
        try
        {
            var contracted = Autograd.Gradient(layer.EvaluateObjective(arguments), y, create: true).sum();
            foreach (var tensor in arguments.Values.OfType<Tensor>())
            {
                Autograd.Gradient(contracted, tensor);
            }

            return true;
        }
        catch (ExternalException)
        {
            return false;
        }
    }

    /// <summary>How far the oracle moves under a unit in the last place of every input.</summary>
    private double[] Spreads(IReadOnlyList<Point> points, Action<IReadOnlyList<Point>, PieceComparison> check, IReadOnlyList<Tensor> expected)
    {
        const int Perturbations = 3;
        using var generator = new torch.Generator(1);
        var spreads = new double[expected.Count];
        for (var perturbation = 0; perturbation < Perturbations; perturbation++)
        {
            var k = 0;
            check(points.Select(point => Perturbed(point, generator)).ToList(), (_, moved, _) =>
            {
                spreads[k] = Math.Max(spreads[k], (moved - expected[k]).norm().ToDouble());
                k++;
            });
        }

        return spreads;
    }

    private static Point Perturbed(Point point, torch.Generator generator) => point with
    {
        Arguments = point.Arguments.ToDictionary(
            pair => pair.Key,
            pair => pair.Value is Tensor tensor ? tensor.detach() * (1 + (UnitInTheLastPlace * rand(tensor.shape, dtype: tensor.dtype, generator: generator).sub(0.5).sign())) : pair.Value),
    };

    private Point Draw()
    {
        var extents = new Dictionary<string, long> { ["T"] = Extent(6), ["D"] = Extent(5), ["K"] = Extent(4) };
        return new Point(extents, objective.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Draw(random, extents)));
    }

    private long Extent(int largest) => random.Next(6) == 0 ? 1 : random.Next(2, largest);

    private static bool IsFinite(Tensor tensor) => tensor.isfinite().all().item<bool>();

    private static string Message(Exception exception) =>
        exception.InnerException is { } inner ? $"{exception.Message} {Message(inner)}" : $"{exception.GetType().Name}: {exception.Message.Trim()}";
}
