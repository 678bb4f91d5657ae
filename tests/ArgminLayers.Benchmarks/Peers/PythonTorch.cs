using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using ArgminLayers.Benchmarks.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Peers;

/// <summary>What peers.py measured in Python's torch.</summary>
/// <param name="Version">Of Python's torch.</param>
/// <param name="Seconds">The seconds of every repetition, by the way that was gone.</param>
/// <param name="Gradients">∂L/∂V of every way, in the same order, (B, T, D).</param>
/// <param name="Missing">Packages that are not installed.</param>
internal sealed record PythonTorch(string Version, IReadOnlyDictionary<string, double[]> Seconds, IReadOnlyList<Tensor> Gradients, IReadOnlyList<string> Missing)
{
    /// <summary>Runs the script on arrays of ours.</summary>
    /// <param name="python">The interpreter.</param>
    /// <param name="shape">(B, T, D).</param>
    /// <param name="frames">V in float32.</param>
    /// <param name="gradient">∂L/∂u.</param>
    /// <param name="solution">u.</param>
    /// <param name="c">C.</param>
    /// <returns>The figures; null where this Python has no torch.</returns>
    /// <exception cref="InvalidOperationException">The script failed; says how.</exception>
    public static PythonTorch? Run(string python, BatchShape shape, Tensor frames, Tensor gradient, Tensor solution, double c)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            string Path(string name) => System.IO.Path.Combine(folder.FullName, name);
            Write(Path("frames"), frames);
            Write(Path("gradient"), gradient);
            Write(Path("solution"), solution);
            string[] numbers = [.. new IConvertible[] { shape.B, shape.T, shape.D, c, LayerBenchmark.Epsilon }.Select(number => number.ToString(CultureInfo.InvariantCulture))];
            var script = System.IO.Path.Combine(AppContext.BaseDirectory, "Peers", "peers.py");
            if (Output(python, ["-c", "import sys\ntry: import torch, numpy\nexcept ImportError: sys.exit(1)"]) is null)
                return null;
            var output = Output(python, [script, Path("frames"), Path("gradient"), Path("solution"), .. numbers, Path("out")])
                ?? throw new InvalidOperationException($"{python} {script} failed; its message is above.");
            using var document = JsonDocument.Parse(output);
            var root = document.RootElement;
            var seconds = root.GetProperty("seconds").EnumerateObject().ToDictionary(way => way.Name, way => way.Value.EnumerateArray().Select(value => value.GetDouble()).ToArray());
            var values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path("out"))).ToArray();
            var gradients = tensor(values).reshape(seconds.Count, shape.B, shape.T, shape.D);
            return new(
                root.GetProperty("version").GetString()!, seconds, [.. Enumerable.Range(0, seconds.Count).Select(i => gradients[i])],
                [.. root.GetProperty("missing").EnumerateArray().Select(name => name.GetString()!)]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Write(string path, Tensor values)
        => File.WriteAllBytes(path, MemoryMarshal.AsBytes(values.detach().cpu().contiguous().data<float>().ToArray().AsSpan()).ToArray());

    /// <summary>What a run prints, or null where it fails or there is no such program.</summary>
    private static string? Output(string program, string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
