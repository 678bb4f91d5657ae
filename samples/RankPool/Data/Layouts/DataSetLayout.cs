namespace RankPool.Data.Layouts;

/// <summary>How a data set lies on disk: which clips there are, what they show, and how its authors divide them.</summary>
public abstract class DataSetLayout
{
    private protected static readonly EnumerationOptions AnyCase = new() { MatchCasing = MatchCasing.CaseInsensitive };

    /// <summary>All layouts, by their names on the command line.</summary>
    public static IReadOnlyList<DataSetLayout> All { get; } =
        [new UcfSportsLayout(), new Hollywood2Layout(), new Hmdb51Layout(), new Ucf101Layout(), new FoldersLayout()];

    /// <summary>The layout's name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a video may have any number of labels.</summary>
    public virtual bool MultiLabel => false;

    /// <summary>How many official splits there are; 1 where the layout has one, or a rule.</summary>
    public virtual int Splits => 1;

    /// <summary>The layout of that name.</summary>
    public static DataSetLayout Of(string name) => All.Single(layout => layout.Name == name);

    /// <summary>Lists the clips. Nothing is decoded.</summary>
    /// <param name="root">The folder that the user names.</param>
    /// <param name="split">The number of the official split, from 1.</param>
    /// <exception cref="DataException">The folder is not of this layout, or a file that divides the clips is wrong; the message names file and line.</exception>
    public abstract ClipListing List(string root, int split);

    private protected static void RequireFolder(string root)
    {
        if (!Directory.Exists(root))
            throw new DataException($"The folder '{root}' does not exist.");
    }

    /// <summary>The first of some folders that exists.</summary>
    private protected string FindFolder(string root, string what, params string[] candidates)
    {
        RequireFolder(root);
        return candidates.Select(candidate => Path.GetFullPath(Path.Combine(root, candidate))).FirstOrDefault(Directory.Exists)
            ?? throw new DataException($"'{root}' is not a folder of {Name}: there is no {what} ('{Path.Combine(root, candidates[0])}').");
    }

    /// <summary>The lines of a text file that are not blank, with their numbers from 1.</summary>
    private protected static IEnumerable<TextLine> Lines(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{file}' cannot be read: {exception.Message}", exception);
        }
        return lines.Select((text, i) => new TextLine(file, i + 1, text.Trim())).Where(line => line.Text.Length > 0);
    }
}
