using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using ArgminLayers.Harness.Fuzzing;

namespace ArgminLayers.Benchmarks.Fuzzing;

/// <summary>The <c>fuzz</c> subcommand: random objectives, compiled, against autograd.</summary>
internal static class FuzzCommand
{
    internal static Command Create()
    {
        var count = new Option<int>("--count") { Description = "How many programs.", DefaultValueFactory = _ => 1000 };
        var seed = new Option<int>("--seed") { Description = "Equal seeds draw equal programs.", DefaultValueFactory = _ => 1 };
        var command = new Command("fuzz", "Differential fuzzing of the compiler: random objectives of its whole operation table, every generated piece compared with double-backward autograd.") { count, seed };
        command.SetAction(parsed =>
        {
            TorchSharp.torch.set_num_threads(1);
            var watch = Stopwatch.StartNew();
            var shown = 0;
            var report = Fuzzer.Run(parsed.GetValue(count), parsed.GetValue(seed), now =>
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,7:0} s: {now.Programs} programs, {now.Mismatches.Count} mismatches"));
                for (; shown < now.Mismatches.Count; shown++)
                {
                    var whole = now.Mismatches[shown];
                    Show(whole.IsSourceFault ? whole : Shrinker.Shrink(whole, parsed.GetValue(seed)), whole);
                }
            });
            Console.Write(report);
            return report.Mismatches.Count == 0 ? 0 : 1;
        });
        return command;
    }

    private static void Show(Mismatch small, Mismatch whole)
    {
        Console.WriteLine($"MISMATCH in {whole.Objective.Name}: {whole.What}");
        Console.WriteLine(whole.Objective.Method());
        Console.WriteLine($"small: {small.What}");
        if (small.Point is { } point)
        {
            Console.WriteLine($"at {string.Join(", ", point.Extents.Select(pair => $"{pair.Key} = {pair.Value}"))}");
        }

        Console.WriteLine(small.Objective.Method());
    }
}
