using System.CommandLine;
using RankPool.Data;
using RankPool.Data.Decoding;
using RankPool.Data.Layouts;
using RankPool.Data.Reversible;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary>Which videos, on the command line.</summary>
internal sealed class DataOptions
{
    private const int StandardCacheSize = 16;
    private const string Example = "add for example --data ucf-sports";

    /// <summary>The option for the data set; null where there is only <see cref="only"/>.</summary>
    private readonly Option<string>? data;

    private readonly string? only;

    private readonly Option<string?> root = Folder("--root", "The folder that holds the data set. Needed for data on disk.");
    private readonly Option<int?> split = Whole("--split", "The official split of hmdb51 and ucf101. [default: 1]", 1, 3);

    private readonly Option<string?> splitFile = new("--split-file")
    {
        Description = "A file that divides the clips, with lines such as 'Diving-Side/001 train' and 'Diving-Side/002 test'.", HelpName = "FILE",
    };

    private readonly Option<bool> keepGoing = new("--keep-going")
    {
        Description = "Leave out clips that are missing or do not decode, and list them at the end.",
    };

    private readonly Option<string?> cache = Folder("--cache", "Where decoded frames are kept for later runs. [default: a folder of this run alone]");

    private readonly Option<int?> cacheSize = Whole(
        "--cache-size", $"GiB that decoded frames may take; what does not fit is decoded each time. [default: {StandardCacheSize}]", 0, 1 << 20);

    /// <param name="embedded">Whether the rendered videos are among the data sets.</param>
    public DataOptions(bool embedded) => data = Word(
        "--data", "The data set" + (embedded ? ": rendered videos with their reversals, or one on disk." : "."),
        embedded ? ReversibleVideos.Name : DataSetLayout.All[0].Name,
        [.. (embedded ? [ReversibleVideos.Name] : Array.Empty<string>()), .. DataSetLayout.All.Select(layout => layout.Name)]);

    /// <param name="only">The name of the one data set that the command is for.</param>
    public DataOptions(string only) => this.only = only;

    private Option[] ForDisk => [root, split, splitFile, keepGoing, cache, cacheSize];

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="cached">Whether the command keeps decoded frames.</param>
    public void AddTo(Command command, bool cached = true)
    {
        if (data is not null)
            command.Add(data);
        foreach (var option in ForDisk)
        {
            if (cached || (option != cache && option != cacheSize))
                command.Add(option);
        }
    }

    /// <summary>The data set on disk that is asked for; null for the rendered videos.</summary>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public DataRequest? Read(ParseResult arguments)
    {
        var name = data is null ? only! : arguments.GetRequiredValue(data);
        if (name == ReversibleVideos.Name)
        {
            foreach (var option in ForDisk)
                Refuse(arguments, option, true, "belongs to data on disk; " + Example);
            return null;
        }
        var layout = DataSetLayout.Of(name);
        Refuse(arguments, split, layout.Splits == 1, $"belongs to hmdb51 and ucf101, and --data is {name}; --split-file divides any data set");
        return new DataRequest(name, arguments.GetValue(root) ?? throw new UsageException($"{(data is null ? name : $"--data {name}")} needs --root DIR, the folder that holds the data set."))
        {
            Split = arguments.GetValue(split) ?? 1,
            SplitFile = arguments.GetValue(splitFile),
            KeepGoing = arguments.GetValue(keepGoing),
        };
    }

    /// <summary>Where decoded frames are kept.</summary>
    public CacheChoice ReadCache(ParseResult arguments) => new(arguments.GetValue(cache), (long)(arguments.GetValue(cacheSize) ?? StandardCacheSize) << 30);
}
