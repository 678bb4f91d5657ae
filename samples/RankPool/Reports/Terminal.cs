using Spectre.Console;

namespace RankPool.Reports;

/// <summary>Where people read what happens.</summary>
internal static class Terminal
{
    /// <summary>A console that writes to the given writer, in colour and with live progress only where that is a terminal.</summary>
    public static IAnsiConsole On(TextWriter writer)
    {
        var live = (ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected)
            || (ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = live ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = live ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!live)
            console.Profile.Width = 1000; // A file has no right edge to wrap at.
        return console;
    }

    /// <summary>Writes one line as it is: no markup, no wrapping.</summary>
    public static void WriteLine(IAnsiConsole console, string line) =>
        console.Write(new Text(line + "\n") { Overflow = Overflow.Fold });
}
