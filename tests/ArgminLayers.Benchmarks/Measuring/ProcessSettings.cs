using System.Diagnostics;
using ArgminLayers.Benchmarks.Reports;

namespace ArgminLayers.Benchmarks.Measuring;

/// <summary>
/// Environment variables that libtorch, its threads and the C library read once, when a process starts. The benchmark starts itself again with each of them.
/// </summary>
/// <param name="Name">What a report calls them.</param>
/// <param name="Variables">The variables; null removes one.</param>
internal sealed record ProcessSettings(string Name, IReadOnlyDictionary<string, string?> Variables)
{
    private const string Waiting = "OMP_WAIT_POLICY", Memory = "GLIBC_TUNABLES";

    /// <summary>What a process gets that sets nothing.</summary>
    public static ProcessSettings Plain { get; } = new("nothing set", new Dictionary<string, string?> { [Waiting] = null, [Memory] = null });

    /// <summary>Waiting threads sleep, instead of spinning against those of the BLAS library; large tensors are fresh memory each time.</summary>
    public static ProcessSettings FreshMemory { get; } = new("fresh memory", new Dictionary<string, string?> { [Waiting] = "PASSIVE", [Memory] = null });

    /// <summary>The same with memory that is recycled instead of returned to the kernel page by page: what the scripts of this repository set.</summary>
    public static ProcessSettings RecycledMemory { get; } = new("recycled memory", new Dictionary<string, string?>
    {
        [Waiting] = "PASSIVE", [Memory] = "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=4294967296",
    });

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ProcessSettings> All { get; } = [Plain, FreshMemory, RecycledMemory];

    /// <summary>The sections that this program, run again with these settings and arguments, writes to the file after <c>--json</c>.</summary>
    public IReadOnlyList<Section> Sections(IEnumerable<string> arguments)
    {
        var file = Path.GetTempFileName();
        try
        {
            Start([.. arguments, "--json", file]);
            return ReportOutput.ReadJson(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Runs this program again, with these settings; what it prints goes to this one's standard error.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public void Start(IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath!;
        // As 'dotnet file.dll' or as an executable of its own.
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        var start = new ProcessStartInfo(program, [.. self, .. arguments]);
        foreach (var (variable, value) in Variables)
            start.Environment[variable] = value;
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"The process with the settings '{Name}' ended with exit code {process.ExitCode}; its message is above.");
    }
}
