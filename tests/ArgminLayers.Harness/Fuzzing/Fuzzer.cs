using System.Runtime.Loader;
using ArgminLayers.Generator;
using ArgminLayers.Generator.Lowering;
using Microsoft.CodeAnalysis;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>
/// Differential fuzzing of the compiler: random objectives of its whole operation table, compiled in batches, every piece of every layer compared with autograd
/// of the objective itself.
/// </summary>
internal static class Fuzzer
{
    private const int BatchSize = 40;

    /// <summary>Refusals that a random objective can earn: not differentiable, a promise missing, linear, curved in too few directions, or without its variable.</summary>
    private static readonly string[] Earned = ["ARGMIN007", "ARGMIN008", "ARGMIN009", "ARGMIN015", "ARGMIN017"];

    /// <summary>Runs.</summary>
    /// <param name="count">How many programs.</param>
    /// <param name="seed">Equal seeds draw equal programs.</param>
    /// <param name="progress">Called after every batch.</param>
    public static FuzzReport Run(int count, int seed, Action<FuzzReport>? progress = null)
    {
        var report = new FuzzReport();
        for (var start = 0; report.Programs < count; start += BatchSize)
        {
            var objectives = Enumerable.Range(start, Math.Min(BatchSize, count - report.Programs))
                .Select(k => RandomObjectiveOf(seed, k)).ToList();
            Check(objectives, seed, report);
            progress?.Invoke(report);
        }

        return report;
    }

    public static RandomObjective RandomObjectiveOf(int seed, int k) => Sampler.Draw($"F{k}", new Random(HashCode(seed, k)));

    /// <summary>Compiles and checks objectives; mismatches go to the report.</summary>
    public static void Check(IReadOnlyList<RandomObjective> objectives, int seed, FuzzReport report)
    {
        try
        {
            CheckTogether(objectives, seed, report);
        }
        catch (Exception exception) when (exception is ShouldAssertException or InvalidOperationException && objectives.Count > 1)
        {
            // Whose fault it is that the batch does not compile.
            foreach (var objective in objectives)
            {
                Check([objective], seed, report);
            }
        }
        catch (Exception exception) when (exception is ShouldAssertException or InvalidOperationException)
        {
            report.Mismatches.Add(new Mismatch(objectives[0], "it does not compile: " + exception.Message.Trim(), null));
        }
    }

    private static void CheckTogether(IReadOnlyList<RandomObjective> objectives, int seed, FuzzReport report)
    {
        var source = RandomObjective.Source(objectives);
        var before = Compiler.Compilation(source);
        var driver = Compiler.Driver(track: true).RunGeneratorsAndUpdateCompilation(before, out var compilation, out _);
        var result = driver.GetRunResult().Results.Single();
        if (result.Exception is { } thrown)
        {
            throw new InvalidOperationException("The generator threw: " + thrown.Message, thrown);
        }

        var assembly = Compiler.Emit(compilation, isCollectible: true);
        var models = result.TrackedSteps[ArgminLayerGenerator.ModelStep].SelectMany(step => step.Outputs).Select(output => output.Value).OfType<LayerModel>()
            .ToDictionary(model => model.ObjectiveName);
        var types = assembly.GetTypes().Select(type => type.Name).ToHashSet();
        var checkedOnes = objectives.Where(objective => types.Contains(objective.Name + "Layer")).ToList();
        if (checkedOnes.Count < objectives.Count)
        {
            CountRefusals(objectives.Except(checkedOnes).ToList(), before, source, report);
        }

        foreach (var objective in checkedOnes)
        {
            report.CountProgram(objective, models[objective.Name]);
            if (Oracle.Check(new Layer(assembly, objective.Name), objective, new Random(HashCode(seed, int.Parse(objective.Name[1..]))), report) is { } mismatch)
            {
                report.Mismatches.Add(mismatch);
            }
        }

        AssemblyLoadContext.GetLoadContext(assembly)!.Unload();
    }

    private static void CountRefusals(IReadOnlyList<RandomObjective> refused, Compilation compilation, string source, FuzzReport report)
    {
        var errors = Compiler.Analyze(compilation).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToList();
        foreach (var objective in refused)
        {
            var start = source.IndexOf($" Tensor {objective.Name}(", StringComparison.Ordinal);
            var end = source.IndexOf("\n    }", start, StringComparison.Ordinal);
            var own = errors.Where(error => error.Location.SourceSpan.Start >= start && error.Location.SourceSpan.Start < end).ToList();
            foreach (var id in own.Select(error => error.Id).Distinct())
            {
                report.CountRefusal(id);
            }

            if (own.FirstOrDefault(error => !Earned.Contains(error.Id)) is { } unearned)
            {
                report.Mismatches.Add(new Mismatch(objective, "refused: " + unearned, null));
            }
            else if (own.Count == 0)
            {
                report.Mismatches.Add(new Mismatch(objective, "no layer and no error", null));
            }
        }
    }

    /// <summary>A seed of its own for each program; the framework's hash codes differ from run to run.</summary>
    private static int HashCode(int seed, int k) => unchecked((seed * 1_000_003) + (k * 7_919) + 17);
}
