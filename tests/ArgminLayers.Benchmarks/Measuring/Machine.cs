using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

namespace ArgminLayers.Benchmarks.Measuring;

/// <summary>The machine that figures were measured on, as a report describes it.</summary>
internal static class Machine
{
    /// <summary>A sentence about cores, system, runtime, libtorch and the day.</summary>
    public static string Sentence => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores ({RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}), {System()}, .NET {Environment.Version}, "
        + $"libtorch {torch.__version__} through {typeof(torch).Assembly.GetName().Name}, whose own operations use {torch.get_num_threads()} of them{Blas()}; load average at the start {LoadAtStart}; {DateTime.UtcNow:yyyy-MM-dd}.");

    /// <summary>The command that made a part of a report, and the machine.</summary>
    public static string Command(string name, string? device = null)
        => device is null or "cpu"
            ? $"`dotnet run -c Release --project tests/ArgminLayers.Benchmarks -- {name}`\n\n{Sentence}"
            : $"`tests/run-cuda.sh`, or `dotnet run -c Release --project tests/ArgminLayers.Benchmarks -- {name} --device {device}`\n\n{Gpu()}; {Sentence}";

    /// <summary>The GPU as its driver names it.</summary>
    private static string Gpu()
    {
        const string folder = "/proc/driver/nvidia/gpus", key = "Model:";
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "information", SearchOption.AllDirectories) : [];
        return files.SelectMany(File.ReadLines).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?[key.Length..].Trim() ?? "A GPU";
    }

    private static string Blas()
        => Environment.GetEnvironmentVariable("OPENBLAS_CORETYPE") is { Length: > 0 } core ? $", OpenBLAS with its kernels for {core}" : "";

    /// <summary>How many programs wanted a core when this one started: more than a few tenths make times too long and single ratios unsteady.</summary>
    public static string LoadAtStart { get; } = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static string System()
    {
        const string file = "/etc/os-release", key = "PRETTY_NAME=";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) : null;
        return line?[key.Length..].Trim('"') ?? RuntimeInformation.OSDescription;
    }
}
