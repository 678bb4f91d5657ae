using System.CommandLine;
using ArgminLayers.Benchmarks.Reports;

namespace ArgminLayers.Benchmarks.Generating;

/// <summary>The <c>generator</c> subcommand: what the source generator costs, from nothing, after an edit elsewhere, after an edit in one objective, and for input that nobody should write.</summary>
internal static class GeneratorCommand
{
    internal static Command Create()
    {
        var json = new Option<string?>("--json") { Description = "A file to write the figures to." };
        var markdown = new Option<string?>("--markdown") { Description = "A Markdown file whose part about the generator is replaced." };
        var command = new Command("generator", "Milliseconds and allocations of the source generator for 1, 10 and 100 objectives beside what the compiler itself needs; and of deep and huge objectives.") { json, markdown };
        command.SetAction(parsed => ReportOutput.Deliver(
            "generator", "## The source generator", null, [ObjectivesSection.Run(), BadInputSection.Run()], parsed.GetValue(json), parsed.GetValue(markdown)));
        return command;
    }
}
