using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace ArgminLayers.Benchmarks.Binding;

/// <summary>The same measurements in Python.</summary>
internal static class PythonBinding
{
    internal static (string? Version, IReadOnlyDictionary<string, double> Nanoseconds) Run(string python, int rounds)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Binding", "binding.py");
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, [script, rounds.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
                return (null, new Dictionary<string, double>());
            using var document = JsonDocument.Parse(output);
            var times = document.RootElement.GetProperty("nanoseconds").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetDouble());
            return (document.RootElement.GetProperty("version").GetString(), times);
        }
        catch (Win32Exception)
        {
            return (null, new Dictionary<string, double>());
        }
    }
}
