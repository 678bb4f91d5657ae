using ArgminLayers;
using RankPool.Pooling;

namespace RankPool.Networks;

/// <summary>Windows of hierarchical pooling.</summary>
/// <param name="Length">Frames in a window.</param>
/// <param name="Stride">Frames from the start of a window to that of the next.</param>
/// <param name="Nonlinearity">What pooled windows go through: a name of <see cref="FrameTransforms"/>, or null.</param>
public sealed record WindowChoice(int Length, int Stride, string? Nonlinearity);

/// <summary>A temporal pooling to work with, and what it is built into: reversal(preprocessing(pyramid(windows(pooling)))).</summary>
/// <param name="Pooling">Its name on the command line.</param>
/// <param name="Hessian">For rank pooling, the Hessian of its backward pass: exact or diagonal.</param>
public sealed record PoolingChoice(string Pooling, string? Hessian = null)
{
    public const string Average = "average";
    public const string Max = "max";
    public const string ApproximateRank = "approximate-rank";
    public const string Rank = "rank";
    public const string PairwiseRank = "pairwise-rank";
    /// <summary>Not a pooling of features: every frame is classified, and scores are summed.</summary>
    public const string FrameLevel = "frame-level";

    public const string Exact = "exact";
    public const string Diagonal = "diagonal";

    /// <summary>All that are compared, in the order in which they are shown.</summary>
    public static IReadOnlyList<PoolingChoice> All { get; } =
        [new(Average), new(Max), new(ApproximateRank), new(Rank, Diagonal), new(Rank, Exact)];

    /// <summary>The names of all poolings.</summary>
    public static IReadOnlyList<string> Names { get; } = [Average, Max, ApproximateRank, Rank, PairwiseRank];

    /// <summary>What frames go through first: names of <see cref="FrameTransforms"/> with commas between them, or nothing.</summary>
    public string Preprocessing { get; init; } = "";

    /// <summary>Levels of the temporal pyramid; 1 is the whole sequence alone.</summary>
    public int PyramidLevels { get; init; } = 1;

    /// <summary>The windows of hierarchical pooling; null without.</summary>
    public WindowChoice? Windows { get; init; }

    /// <summary>Whether the reversed sequence is pooled too.</summary>
    public bool BothDirections { get; init; }

    /// <summary>Whether a pooling minimises an objective that C weighs.</summary>
    public static bool IsRanking(string pooling) => pooling is Rank or PairwiseRank;

    /// <summary>
    /// About how many numbers a sequence of T frames with D features takes while it is pooled: its frames; or, where pairs are ranked, four for each of T² pairs on the side of the
    /// frames, and on the side of the features, which is taken from T = D on, half the T² differences of frames (measured).
    /// </summary>
    public long NumbersInUse(long T, long D) => T * (Pooling != PairwiseRank ? D : T < D ? Math.Max(4 * T, D) : Math.Max(4 * T, T * D / 2));

    /// <summary>The module; a mask (…, T) with features (…, T, D) gives (…, its output features).</summary>
    public TemporalPooling Create(double C, double epsilon)
    {
        TemporalPooling Whole() => Windows is { } windows
            ? new HierarchicalPooling(
                CreateBase(C, epsilon), CreateBase(C, epsilon), windows.Length, windows.Stride,
                windows.Nonlinearity is null ? null : FrameTransforms.Create(windows.Nonlinearity))
            : CreateBase(C, epsilon);

        var pooling = PyramidLevels > 1 ? new TemporalPyramid(Whole(), PyramidLevels) : Whole();
        if (Preprocessing.Length > 0)
            pooling = new Preprocessed(pooling, [.. Preprocessing.Split(',').Select(FrameTransforms.Create)]);
        return BothDirections ? new ForwardReverse(pooling) : pooling;
    }

    private TemporalPooling CreateBase(double C, double epsilon) => (Pooling, Hessian) switch
    {
        (Average, null) => new AveragePooling(),
        (Max, null) => new MaxPooling(),
        (ApproximateRank, null) => new ApproximateRankPooling(),
        (Rank, Diagonal) => new RankPooling(C, epsilon, HessianForm.Diagonal),
        (Rank, Exact) => new RankPooling(C, epsilon),
        (PairwiseRank, Diagonal) => new PairwiseRankPooling(C, HessianForm.Diagonal),
        (PairwiseRank, Exact) => new PairwiseRankPooling(C),
        _ => throw new ArgumentException($"There is no pooling '{this}'.", nameof(Pooling)),
    };

    public override string ToString()
    {
        List<string> details = [];
        if (Hessian is not null)
            details.Add(Hessian);
        if (Preprocessing.Length > 0)
            details.Add(Preprocessing.Replace(",", ", ", StringComparison.Ordinal));
        if (PyramidLevels > 1)
            details.Add(FormattableString.Invariant($"pyramid of {PyramidLevels}"));
        if (Windows is { } windows)
            details.Add(FormattableString.Invariant($"windows of {windows.Length}/{windows.Stride}") + (windows.Nonlinearity is null ? "" : " " + windows.Nonlinearity));
        if (BothDirections)
            details.Add("both directions");
        return details.Count == 0 ? Pooling : $"{Pooling} ({string.Join(", ", details)})";
    }
}
