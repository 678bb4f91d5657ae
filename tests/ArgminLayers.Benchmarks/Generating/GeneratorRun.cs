using System.Diagnostics;
using ArgminLayers.Generator;
using ArgminLayers.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ArgminLayers.Benchmarks.Generating;

/// <summary>One run of a generator over a number of objectives: a driver, and the compilation that it is to run on.</summary>
internal sealed class GeneratorRun
{
    private const string Elsewhere = "public class Elsewhere { public int Number => 1; }";

    private readonly GeneratorDriver driver;
    private readonly Compilation compilation;

    private GeneratorRun(GeneratorDriver driver, Compilation compilation) => (this.driver, this.compilation) = (driver, compilation);

    /// <summary>Everything that a run needs, new: nothing of an earlier round is bound or cached.</summary>
    public static GeneratorRun Prepare(IIncrementalGenerator generator, Edit edit, int objectives, int round, bool track = false)
    {
        var compilation = Compiler.Compilation(Source(objectives), Elsewhere);
        var driver = Driver(generator, track);
        if (edit == Edit.FromNothing)
        {
            return new GeneratorRun(driver, compilation);
        }

        driver = driver.RunGenerators(compilation);
        var (file, text) = edit switch
        {
            Edit.Elsewhere => ("Source1.cs", Elsewhere.Replace("1", $"{round}1", StringComparison.Ordinal)),
            Edit.DeclarationElsewhere => ("Source1.cs", Elsewhere.Replace("Number", $"Number{round}", StringComparison.Ordinal)),
            _ => ("Source0.cs", Source(objectives, $"0.{round}1")),
        };
        return new GeneratorRun(driver, compilation.ReplaceSyntaxTree(compilation.SyntaxTrees.Single(tree => tree.FilePath == file), Compiler.Parse(text, file)));
    }

    public static GeneratorDriver Driver(IIncrementalGenerator generator, bool track = false) => CSharpGeneratorDriver.Create(
        [generator.AsSourceGenerator()], parseOptions: (CSharpParseOptions)Compiler.Parse("").Options, driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, track));

    public (double Milliseconds, double KiB) Measure()
    {
        // The compiler has bound the declarations when generators run.
        compilation.GetDeclarationDiagnostics();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        driver.RunGenerators(compilation);
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, (GC.GetAllocatedBytesForCurrentThread() - before) / 1024.0);
    }

    /// <summary>How many models and sources the run made anew, or found changed.</summary>
    public (int Models, int Sources) Changes()
    {
        var steps = driver.RunGenerators(compilation).GetRunResult().Results.Single().TrackedSteps;
        int Changed(string step) => steps[step].SelectMany(one => one.Outputs).Count(output => output.Reason is not (IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
        return (Changed(ArgminLayerGenerator.ModelStep), Changed(ArgminLayerGenerator.SourceStep));
    }

    /// <summary>Rank pooling's objective, and the like of it, in as many methods as asked for.</summary>
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
}
