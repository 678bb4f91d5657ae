using System.CommandLine;
using System.Runtime.CompilerServices;
using ArgminLayers.Harness.Mutation;

namespace ArgminLayers.Benchmarks.Mutating;

/// <summary>The <c>mutation</c> subcommand: faults in the gallery's generated code, each of which the comparisons have to notice.</summary>
internal static class MutationCommand
{
    internal static Command Create()
    {
        var every = new Option<int>("--every") { Description = "One mutant in so many; 1 for all.", DefaultValueFactory = _ => 1 };
        var first = new Option<int>("--first") { Description = "The first of them, from 0: N processes with --every N and --first 0 to N - 1 make all of them.", DefaultValueFactory = _ => 0 };
        var only = new Option<string?>("--objective") { Description = "Mutants of this one alone." };
        var command = new Command("mutation", "Drops a term, flips a sign or transposes a factor in the gallery's generated code; every such mutant has to fail the layer's own Check() or the tests' comparisons.") { every, first, only };
        command.SetAction(parsed =>
        {
            TorchSharp.torch.set_num_threads(1);
            var run = new MutationRun();
            run.Run(Sources(), Math.Max(1, parsed.GetValue(every)), parsed.GetValue(first), parsed.GetValue(only), now => Console.Error.WriteLine($"{now.Mutants} mutants, {now.Survivors.Count} survived, {now.Equivalents.Count} equivalent, {now.BeyondCheck.Count} noticed by the comparisons alone"));
            run.BeyondCheck.ForEach(what => Console.WriteLine("not by Check(): " + what));
            run.Equivalents.ForEach(one => Console.WriteLine($"equivalent: {one.What} ({one.Reason})"));
            run.Survivors.ForEach(what => Console.WriteLine("survived: " + what));
            Console.WriteLine($"killed by Check(): {run.KilledByCheck}, by the comparisons with autograd: {run.KilledByComparison}");
            var reasons = run.Equivalents.GroupBy(one => one.Reason).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} {group.Key}");
            Console.WriteLine($"mutants: {run.Mutants}, survived: {run.Survivors.Count}, equivalent: {run.Equivalents.Count} ({string.Join("; ", reasons)})");
            return run.Survivors.Count == 0 ? 0 : 1;
        });
        return command;
    }

    /// <summary>The sources of the gallery's objectives.</summary>
    internal static string[] Sources([CallerFilePath] string here = "") =>
        Directory.GetFiles(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "samples", "Gallery", "Objectives"), "*.cs").Order(StringComparer.Ordinal).Select(File.ReadAllText).ToArray();
}
