namespace RankPool.Data.Layouts;

/// <summary>A line of a file that divides clips.</summary>
/// <param name="File">The file.</param>
/// <param name="Number">The line's number, from 1.</param>
/// <param name="Text">The line without the white space around it.</param>
public sealed record TextLine(string File, int Number, string Text)
{
    /// <summary>The parts between white space.</summary>
    public string[] Parts { get; } = Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The text before the last white space, and what stands behind it. File names may hold spaces.</summary>
    public (string Before, string Last) SplitLast()
    {
        var space = Text.LastIndexOfAny([' ', '\t']);
        return space < 0 ? ("", Text) : (Text[..space].TrimEnd(), Text[(space + 1)..]);
    }

    /// <summary>The error that this line is wrong.</summary>
    public DataException Wrong(string expected) => new(FormattableString.Invariant($"'{File}', line {Number}, is '{Text}'; {expected}."));
}
