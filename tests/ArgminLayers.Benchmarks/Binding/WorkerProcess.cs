using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace ArgminLayers.Benchmarks.Binding;

/// <summary>A worker in a process of its own: this program's, or Python's.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    private WorkerProcess(string program, IEnumerable<string> arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        if (_process.StandardOutput.ReadLine() is not { } version)
        {
            string reason = _process.StandardError.ReadToEnd().TrimEnd().Split('\n')[^1];
            Dispose();
            throw new InvalidOperationException($"{program} does not measure: {reason}");
        }
        Version = version;
        _process.BeginErrorReadLine();
    }

    /// <summary>The version of the worker's torch.</summary>
    internal string Version { get; }

    internal static WorkerProcess Here()
    {
        string program = Environment.ProcessPath!;
        string[] own = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Assembly.GetEntryAssembly()!.Location] : [];
        return new(program, [.. own, BindingCommand.WorkerName]);
    }

    /// <exception cref="InvalidOperationException">There is no such program, or it has no torch.</exception>
    internal static WorkerProcess Python(string python)
    {
        try
        {
            return new(python, [Path.Combine(AppContext.BaseDirectory, "Binding", "binding.py")]);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{python} does not start: {e.Message}", e);
        }
    }

    /// <summary>Nanoseconds per operation of each slice. The first request for an operation warms it up.</summary>
    internal double[] Measure(string operation, int slices)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{slices} {BindingOperations.InASlice[operation]} {operation}"));
        _process.StandardInput.Flush();
        string answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"A worker ended while it measured '{operation}'.");
        return [.. answer.Split(' ').Select(n => double.Parse(n, CultureInfo.InvariantCulture))];
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
