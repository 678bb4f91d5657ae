using System.Globalization;
using System.Runtime.InteropServices;

namespace ArgminLayers.Benchmarks.Measuring;

/// <summary>How much memory of the process a piece of work needs at its peak, from Linux's own accounts.</summary>
internal static partial class ResidentMemory
{
    /// <summary>Bytes above what was resident before.</summary>
    public static long PeakOf(Action work)
    {
        // What the C library keeps for later would hide what the work takes.
        _ = Trim(0);
        File.WriteAllText("/proc/self/clear_refs", "5");
        var before = Read("VmRSS:");
        work();
        return Read("VmHWM:") - before;
    }

    private static long Read(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line[field.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint pad);
}
