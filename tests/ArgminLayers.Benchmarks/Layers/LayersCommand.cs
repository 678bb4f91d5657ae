using System.CommandLine;
using ArgminLayers.Benchmarks.Measuring;
using ArgminLayers.Benchmarks.Reports;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Layers;

/// <summary>The <c>layers</c> subcommand: what rank pooling costs, beside one product, average pooling and a ConvNet.</summary>
internal static class LayersCommand
{
    internal static Command Create()
    {
        var device = new Option<string>("--device") { Description = "cpu or cuda.", DefaultValueFactory = _ => "cpu" };
        var json = new Option<string?>("--json") { Description = "A file to write the figures to." };
        var markdown = new Option<string?>("--markdown") { Description = "A Markdown file whose part about layers is replaced." };
        var worker = new Option<string?>("--worker") { Description = "Measures in this process, with settings of this name.", Hidden = true };
        var first = new Option<bool>("--first-gradient") { Description = "Measures the first gradient of this process.", Hidden = true };
        var command = new Command("layers", "The cost of a layer, beside one product of its input, average pooling and a ConvNet.") { device, json, markdown, worker, first };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(first))
                FirstGradientSection.Measure(torch.device(parsed.GetValue(device)!), parsed.GetValue(json)!);
            else if (parsed.GetValue(worker) is { } settings)
                Work(ProcessSettings.All.Single(one => one.Name == settings), parsed.GetValue(device)!, parsed.GetValue(json)!);
            else
                Report(parsed.GetValue(device)!, parsed.GetValue(json), parsed.GetValue(markdown));
        });
        return command;
    }

    private static void Work(ProcessSettings settings, string device, string json)
    {
        var benchmark = new LayerBenchmark(torch.device(device), settings);
        ReportOutput.WriteJson(json, settings == ProcessSettings.RecycledMemory ? AllSections(benchmark) : [ProductSection.RunMain(benchmark)]);
    }

    private static IEnumerable<Section> AllSections(LayerBenchmark benchmark)
    {
        yield return ProductSection.Run(benchmark);
        yield return ConvNetSection.Run(benchmark);
        yield return HessianSection.Run(benchmark);
        yield return IterationsSection.Run(benchmark);
        yield return GrowthSection.Run(benchmark);
    }

    private static void Report(string device, string? json, string? markdown)
    {
        string[] arguments = ["layers", "--device", device, "--worker"];
        var sections = ProcessSettings.All.Reverse().SelectMany(settings => settings.Sections([.. arguments, settings.Name])).Append(FirstGradientSection.Run(device)).ToList();
        var isCpu = torch.device(device).type == DeviceType.CPU;
        ReportOutput.Deliver(isCpu ? "layers" : "layers-gpu", isCpu ? "## The layer" : "## The layer on a GPU", device, sections, json, markdown);
    }
}
