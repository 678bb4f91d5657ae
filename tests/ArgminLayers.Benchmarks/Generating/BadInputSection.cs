using System.Diagnostics;
using ArgminLayers.Benchmarks.Reports;
using ArgminLayers.Generator;
using ArgminLayers.Harness;

namespace ArgminLayers.Benchmarks.Generating;

/// <summary>Objectives that no one writes by hand and that a program may: as deep or as long as the compiler itself can take.</summary>
internal static class BadInputSection
{
    private const int Rounds = 5;
    private const double LimitMilliseconds = 1000;

    /// <summary>By name, the sources.</summary>
    private static readonly (string Name, string Source)[] Cases =
    [
        ("1,000 nested calls", Source("0.5 * y.dot(y) + " + Repeat(1000, _ => "sin(") + "y" + new string(')', 1000) + ".sum()")),
        ("1,000 nested parentheses", Source(new string('(', 1000) + "y" + Repeat(1000, k => $" * x - 0.{k + 1})") + ".square().sum()")),
        ("2,000 operations, a sum", Source("0.5 * y.dot(y)" + Repeat(400, k => $" + (y * {k}.5 + x).exp().sum()"))),
        ("2,000 operations, a product", Source("0.5 * y.dot(y) + (y" + Repeat(1000, k => $" * (x + {k}.5)") + ").sum()")),
        ("1,000 nested calls and operators", Source("0.5 * y.dot(y) + " + Repeat(250, _ => "sin(x * tanh(0.5 * sigmoid(") + "y" + Repeat(250, _ => ")))") + ".sum()")),
        ("2,000 operations, kinks", Source("0.5 * y.dot(y)" + Repeat(400, k => $" + (y - {k}.5 * x).relu().square().sum()"))),
    ];

    private static string Repeat(int count, Func<int, string> text) => string.Concat(Enumerable.Range(0, count).Select(text));

    private static string Source(string body) => $$"""
        using ArgminLayers;
        using static TorchSharp.torch;
        public static class Objectives
        {
            [ArgminLayer] public static Tensor F([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x) => {{body}};
        }
        """;

    public static Section Run()
    {
        var rows = new List<IReadOnlyList<Cell>>();
        var bars = new List<Bar>();
        foreach (var (name, source) in Cases)
        {
            Progress.Say(name);
            var generator = Median(() => Generate(source));
            var analyzer = Median(() => Analyze(source));
            rows.Add([name, generator, analyzer, Outcome(source)]);
            bars.Add(new Bar(name, Math.Max(generator, analyzer), LimitMilliseconds, IsMost: true, "ms"));
        }

        return new Section(
            "Bad input",
            $"Medians of {Rounds} runs, with the compiler's own part.",
            [new("objective"), new("generator, ms", "0"), new("analyzer, ms", "0"), new("outcome")],
            rows,
            bars);
    }

    private static double Generate(string source)
    {
        var compilation = Compiler.Compilation(source);
        var start = Stopwatch.GetTimestamp();
        GeneratorRun.Driver(new ArgminLayerGenerator()).RunGenerators(compilation);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Analyze(string source)
    {
        var compilation = Compiler.Compilation(source);
        var start = Stopwatch.GetTimestamp();
        Compiler.Analyze(compilation);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static string Outcome(string source)
    {
        var result = GeneratorRun.Driver(new ArgminLayerGenerator()).RunGenerators(Compiler.Compilation(source)).GetRunResult().Results.Single();
        var diagnostics = string.Join(", ", Compiler.Analyze(source).Select(diagnostic => diagnostic.Id).Distinct());
        return result.Exception is { } exception ? $"the generator threw {exception.GetType().Name}"
            : result.GeneratedSources.Length == 1 ? $"a layer; {diagnostics}"
            : $"no layer; {diagnostics}";
    }

    private static double Median(Func<double> measure) => Enumerable.Range(0, Rounds).Select(_ => measure()).Order().ElementAt(Rounds / 2);
}
