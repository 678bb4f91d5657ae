using System.CommandLine;
using RankPool.Networks;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary>Which temporal pooling, on the command line.</summary>
internal sealed class PoolingOptions
{
    private const string None = "none";
    private const string Forward = "forward";

    private readonly Option<string> pooling = Word("--pooling", "How frames become one vector.", PoolingChoice.Rank, [.. PoolingChoice.Names]);

    private readonly Option<string> hessian = Word(
        "--hessian", "For rank and pairwise-rank, the Hessian of the backward pass.", PoolingChoice.Exact, PoolingChoice.Exact, PoolingChoice.Diagonal);

    private readonly Option<string> preprocess = Words(
        "--preprocess", "What every frame goes through first, in this order.", None, [.. FrameTransforms.Names]);

    private readonly Option<int?> pyramid = Whole(
        "--pyramid", "Levels of a temporal pyramid: 2 adds the halves of the sequence to the whole, 3 its quarters. [default: 1]", 1, 10);

    private readonly Option<int?> window = Whole("--window", "Hierarchical pooling: frames in a window. Windows are pooled, and then the pooled windows.", 1);
    private readonly Option<int?> stride = Whole("--stride", "Hierarchical pooling: frames from one window's start to the next one's, at most --window. [default: 1]", 1);

    private readonly Option<string> nonlinearity = Word(
        "--nonlinearity", "Hierarchical pooling: what pooled windows go through before they are L2-normalised and pooled.",
        FrameTransforms.SignedRoot, None, FrameTransforms.SignedRoot, FrameTransforms.PosnegRoot);

    private readonly Option<string> direction = Word(
        "--direction", "Whether the reversed sequence is pooled too, beside the forward one.", Forward, Forward, "both");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[pooling, hessian, preprocess, pyramid, window, stride, nonlinearity, direction])
            command.Add(option);
    }

    /// <summary>Whether any of the options was given.</summary>
    public bool AreGiven(ParseResult arguments) =>
        ((Option[])[pooling, hessian, preprocess, pyramid, window, stride, nonlinearity, direction]).Any(option => IsGiven(arguments, option));

    /// <summary>Reads what was given.</summary>
    /// <exception cref="UsageException">Options contradict each other.</exception>
    public PoolingChoice Read(ParseResult arguments)
    {
        var name = arguments.GetRequiredValue(pooling);
        var isRanking = PoolingChoice.IsRanking(name);
        if (!isRanking && IsGiven(arguments, hessian))
            throw new UsageException($"--hessian belongs to --pooling rank and pairwise-rank, and --pooling is {name}.");
        return new PoolingChoice(name, isRanking ? arguments.GetRequiredValue(hessian) : null)
        {
            Preprocessing = arguments.GetRequiredValue(preprocess) is var list && list == None ? "" : list,
            PyramidLevels = arguments.GetValue(pyramid) ?? 1,
            Windows = ReadWindows(arguments),
            BothDirections = arguments.GetRequiredValue(direction) != Forward,
        };
    }

    private WindowChoice? ReadWindows(ParseResult arguments)
    {
        if (arguments.GetValue(window) is not { } length)
        {
            foreach (var option in (Option[])[stride, nonlinearity])
            {
                if (IsGiven(arguments, option))
                    throw new UsageException($"{option.Name} belongs to hierarchical pooling; add --window N.");
            }
            return null;
        }
        var step = arguments.GetValue(stride) ?? 1;
        if (step > length)
            throw new UsageException($"--stride is {step}, above --window {length}: the frames between windows would be lost.");
        return new WindowChoice(length, step, arguments.GetRequiredValue(nonlinearity) is var word && word == None ? null : word);
    }
}
