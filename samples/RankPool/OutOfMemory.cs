using System.CommandLine;

namespace RankPool;

/// <summary>Memory that ran out, as libtorch and .NET tell of it, and what a user can do.</summary>
internal static class OutOfMemory
{
    /// <summary>The options that decide how much memory a command takes, the first to lower first.</summary>
    private static readonly string[] Options = ["--frames-per-chunk", "--frame-side", "--batch-size", "--memory", "--jobs"];

    /// <summary>Whether memory ran out; libtorch says so in words.</summary>
    public static bool Is(Exception exception) => exception is OutOfMemoryException
        || exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || exception.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase)
        || exception.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);

    /// <summary>What to do about it, as a sentence: the options of the command that lower what it takes.</summary>
    public static string Advice(Command command)
    {
        var known = Options.Where(name => command.Options.Any(option => option.Name == name)).ToList();
        return known.Count == 0 ? "Memory ran out." : $"Memory ran out: lower {string.Join(" or ", known)}.";
    }
}
