using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ArgminLayers.Generator;
using ArgminLayers.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ArgminLayers.Benchmarks.Generating;

/// <summary>The <c>generator</c> subcommand: what the source generator costs, from nothing, after an edit elsewhere, and after an edit in one objective.</summary>
internal static class GeneratorCommand
{
    private const int Rounds = 15;

    private const string Elsewhere = "public class Elsewhere { public int Number => 1; }";

    internal static Command Create()
    {
        var command = new Command("generator", "Milliseconds and allocations of the source generator for 1, 10 and 100 objectives, just-in-time compiler warm.");
        command.SetAction(_ =>
        {
            // The poolings' objective, and the like of it, in as many methods as asked for.
            foreach (var count in new[] { 1, 10, 100 })
            {
                Measure(count);
            }

            return 0;
        });
        return command;
    }

    private static string Source(int count, string factor = "0.5") => $$"""
        using ArgminLayers;
        using static TorchSharp.torch;
        public static class Objectives
        {
            {{string.Join("\n    ", Enumerable.Range(0, count).Select(k => $$"""
                [ArgminLayer]
                public static Tensor F{{k}}([Argmin, Shape("D")] Tensor u, [Shape("T", "D")] Tensor v, [Shape("T")] Tensor t, [Shape("T"), NonNegative] Tensor weight, [NonNegative] double C = 1.0, [NonNegative] double epsilon = 0.1)
                {
                    var excess = ((v.mv(u) - t).abs() - epsilon).relu();
                    return {{(k == 0 ? factor : "0.5")}} * u.dot(u) + {{k + 1}} * C * (weight * excess * excess).sum();
                }
                """))}}
        }
        """;

    private static void Measure(int count)
    {
        var compilation = Compiler.Compilation(Source(count), Elsewhere);
        var own = compilation.SyntaxTrees.Single(tree => tree.FilePath == "Source0.cs");
        var elsewhere = compilation.SyntaxTrees.Single(tree => tree.FilePath == "Source1.cs");
        var warm = Compiler.Driver(track: true).RunGenerators(compilation);
        var round = 0;
        Report(count, "from nothing", count, () => (Compiler.Driver(), compilation.Clone()));
        Report(count, "edit elsewhere", count, () => (warm, compilation.ReplaceSyntaxTree(elsewhere, Compiler.Parse(Elsewhere.Replace("1", $"{++round}", StringComparison.Ordinal), "Source1.cs"))));
        Report(count, "edit in one", count, () => (warm, compilation.ReplaceSyntaxTree(own, Compiler.Parse(Source(count, $"0.{++round}"), "Source0.cs"))));

        var result = warm.RunGenerators(compilation.ReplaceSyntaxTree(elsewhere, Compiler.Parse(Elsewhere + " ", "Source1.cs"))).GetRunResult().Results.Single();
        var reasons = result.TrackedSteps[ArgminLayerGenerator.ModelStep].SelectMany(step => step.Outputs).GroupBy(output => output.Reason).Select(group => $"{group.Key} {group.Count()}");
        var outputs = result.TrackedSteps[ArgminLayerGenerator.SourceStep].SelectMany(step => step.Outputs).GroupBy(output => output.Reason).Select(group => $"{group.Key} {group.Count()}");
        Console.WriteLine($"  after an edit elsewhere: models {string.Join(", ", reasons)}; sources {string.Join(", ", outputs)}");
    }

    private static void Report(int count, string what, int objectives, Func<(GeneratorDriver Driver, Compilation Compilation)> prepare)
    {
        var times = new List<double>();
        var bytes = 0L;
        for (var k = 0; k < Rounds; k++)
        {
            var (driver, compilation) = prepare();

            // The compiler has bound the declarations when generators run.
            compilation.GetDeclarationDiagnostics();
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            driver.RunGenerators(compilation);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        var best = times.Skip(Rounds / 3).Min();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,4} objectives, {what,-15} {best,9:0.00} ms, {best / objectives,7:0.00} ms an objective, {bytes / 1024.0 / objectives,8:0} KiB an objective"));
    }
}
