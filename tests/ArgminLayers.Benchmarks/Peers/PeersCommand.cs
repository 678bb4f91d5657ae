using System.CommandLine;
using ArgminLayers.Benchmarks.Layers;
using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Reports;
using Spectre.Console;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Peers;

/// <summary>The <c>peers</c> subcommand: rank pooling beside what a user would pick instead, on the same arrays.</summary>
internal static class PeersCommand
{
    internal static Command Create()
    {
        var python = new Option<string?>("--python") { Description = "The Python interpreter to compare with; python3 or /usr/bin/python3, whichever has torch, where it is not given." };
        var json = new Option<string?>("--json") { Description = "A file to write the figures to." };
        var markdown = new Option<string?>("--markdown") { Description = "A Markdown file whose part about peers is replaced." };
        var worker = new Option<bool>("--worker") { Description = "Measures in this process.", Hidden = true };
        var command = new Command("peers", "Rank pooling beside liblinear and Python's torch, where they are installed.") { python, json, markdown, worker };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(worker))
                Work(parsed.GetValue(python), parsed.GetValue(json)!);
            else
                Report(parsed.GetValue(python), parsed.GetValue(json), parsed.GetValue(markdown));
        });
        return command;
    }

    private static void Work(string? python, string json)
    {
        var benchmark = new LayerBenchmark(CPU, ProcessSettings.RecycledMemory);
        ReportOutput.WriteJson(json, [LiblinearSection.Run(benchmark), PythonSection.Run(benchmark, python is null ? ["python3", "/usr/bin/python3"] : [python])]);
    }

    private static void Report(string? python, string? json, string? markdown)
        => ReportOutput.Deliver("peers", "## What a user would pick instead", null, ProcessSettings.RecycledMemory.Sections(["peers", "--worker", .. python is null ? Array.Empty<string>() : ["--python", python]]), json, markdown);
}
