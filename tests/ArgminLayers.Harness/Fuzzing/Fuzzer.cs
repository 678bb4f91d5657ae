using System.Runtime.Loader;
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

    /// <summary>Runs. While a batch is checked, the next one is drawn and compiled.</summary>
    /// <param name="count">How many programs.</param>
    /// <param name="seed">Equal seeds draw equal programs.</param>
    /// <param name="progress">Called after every batch.</param>
    public static FuzzReport Run(int count, int seed, Action<FuzzReport>? progress = null)
    {
        var report = new FuzzReport();
        var start = 0;
        Task<CompiledBatch>? Next(int wanted)
        {
            var first = start;
            start += BatchSize;
            return wanted <= 0 ? null : Task.Run(() => CompiledBatch.Of([.. Enumerable.Range(first, Math.Min(BatchSize, wanted)).Select(k => RandomObjectiveOf(seed, k))]));
        }

        for (var next = Next(count); next is not null;)
        {
            var batch = next.GetAwaiter().GetResult();

            // Refused objectives are not programs; how many there are is known only afterwards.
            next = count - report.Programs - batch.Objectives.Count is > 0 and var surely ? Next(surely) : null;
            Check(batch, seed, report);
            progress?.Invoke(report);
            next ??= Next(count - report.Programs);
        }

        return report;
    }

    public static RandomObjective RandomObjectiveOf(int seed, int k) => Sampler.Draw($"F{k}", new Random(HashCode(seed, k)));

    /// <summary>Compiles and checks objectives; mismatches go to the report.</summary>
    public static void Check(IReadOnlyList<RandomObjective> objectives, int seed, FuzzReport report) => Check(CompiledBatch.Of(objectives), seed, report);

    private static void Check(CompiledBatch batch, int seed, FuzzReport report)
    {
        if (batch.Failure is null)
        {
            CheckCompiled(batch, seed, report);
        }
        else if (batch.Objectives.Count > 1)
        {
            // Whose fault it is that the batch does not compile.
            foreach (var objective in batch.Objectives)
            {
                Check([objective], seed, report);
            }
        }
        else
        {
            report.Mismatches.Add(new Mismatch(batch.Objectives[0], "it does not compile: " + batch.Failure, null));
        }
    }

    private static void CheckCompiled(CompiledBatch batch, int seed, FuzzReport report)
    {
        var assembly = batch.Load();
        var types = assembly.GetTypes().Select(type => type.Name).ToHashSet();
        var checkedOnes = batch.Objectives.Where(objective => types.Contains(objective.Name + "Layer")).ToList();
        if (checkedOnes.Count < batch.Objectives.Count)
        {
            CountRefusals(batch.Objectives.Except(checkedOnes).ToList(), batch.Compilation, batch.Source, report);
        }

        foreach (var objective in checkedOnes)
        {
            report.CountProgram(objective, batch.Makings[objective.Name]);
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
