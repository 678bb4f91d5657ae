using System.Diagnostics;
using ArgminLayers.Benchmarks.Reports;
using ArgminLayers.Generator;
using Microsoft.CodeAnalysis;

namespace ArgminLayers.Benchmarks.Generating;

/// <summary>Objectives as people write them, by how many there are and by what was edited.</summary>
internal static class ObjectivesSection
{
    private const int Rounds = 25;
    private const double LimitMilliseconds = 3;

    /// <summary>So long until the runtime has compiled what is hot with all optimisations.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    // What is measured, and what of it is the compiler's: with the bodies bound, and without.
    private static readonly Func<IIncrementalGenerator>[] Generators =
        [() => new ArgminLayerGenerator(), () => new ReferenceGenerator(binds: true), () => new ReferenceGenerator(binds: false)];

    public static Section Run()
    {
        var first = GeneratorRun.Prepare(Generators[0](), Edit.FromNothing, 1, 0).Measure().Milliseconds;
        Warm();
        var rows = new List<IReadOnlyList<Cell>>();
        var bars = new List<Bar>();
        foreach (var count in new[] { 1, 10, 100 })
        {
            foreach (var edit in Enum.GetValues<Edit>())
            {
                Progress.Say($"{count} objectives, {Name(edit)}");
                var times = Times(edit, count);
                var (whole, binding, finding) = (Median(times[0]), Median(times[1]), Median(times[2]));
                var changes = GeneratorRun.Prepare(Generators[0](), edit, count, 1, track: true).Changes();
                rows.Add([$"{count}", Name(edit), whole, finding, binding - finding, whole - binding, whole / count, times[0][^1].KiB / count, changes.Models, changes.Sources]);
                bars.Add(new Bar($"{count} objectives, {Name(edit)}, an objective and run", whole / count, LimitMilliseconds, IsMost: true, "ms"));
                if (edit is Edit.Elsewhere or Edit.DeclarationElsewhere)
                {
                    bars.Add(new Bar($"{count} objectives, {Name(edit)}, sources written again", changes.Sources, 0, IsMost: true, ""));
                }
            }
        }

        return new Section(
            "By number of objectives and by edit",
            $"Rank pooling's objective in as many methods; medians of {Rounds} runs, each on a compilation of its own, the just-in-time compiler warm. Beside the whole: what a generator costs that only finds "
            + FormattableString.Invariant($"the methods by their attribute, what binding their bodies adds to it, and what lowering, analysis and emission add to both. The first run of the process, nothing compiled: {first:0} ms."),
            [
                new("objectives", "0"), new("before"), new("whole, ms"), new("finding"), new("binding"), new("ours"), new("whole an objective"), new("KiB an objective", "0"),
                new("models changed", "0"), new("sources written", "0"),
            ],
            rows,
            bars);
    }

    private static string Name(Edit edit) => edit switch
    {
        Edit.FromNothing => "nothing",
        Edit.Elsewhere => "an edit elsewhere",
        Edit.DeclarationElsewhere => "a declaration elsewhere",
        _ => "an edit in one",
    };

    /// <summary>Through the very paths that are measured.</summary>
    private static void Warm()
    {
        for (var (watch, round) = (Stopwatch.StartNew(), 0); watch.Elapsed < WarmUp; round++)
        {
            foreach (var edit in Enum.GetValues<Edit>())
            {
                foreach (var generator in Generators)
                {
                    GeneratorRun.Prepare(generator(), edit, 10, round).Measure();
                }
            }
        }
    }

    /// <summary>In turns, so that what disturbs one disturbs all.</summary>
    private static List<(double Milliseconds, double KiB)>[] Times(Edit edit, int count)
    {
        var times = Generators.Select(_ => new List<(double, double)>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var k = 0; k < Generators.Length; k++)
            {
                times[k].Add(GeneratorRun.Prepare(Generators[k](), edit, count, round).Measure());
            }
        }

        return times;
    }

    private static double Median(List<(double Milliseconds, double KiB)> times) => times.Select(time => time.Milliseconds).Order().ElementAt(times.Count / 2);
}
