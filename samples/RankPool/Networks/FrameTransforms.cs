using RankPool.Pooling;

namespace RankPool.Networks;

/// <summary>The transforms of frames by their names on the command line.</summary>
public static class FrameTransforms
{
    public const string TimeVaryingMean = "time-varying-mean";
    public const string SignedRoot = "signed-root";
    public const string PosnegRoot = "posneg-root";
    public const string UnitLength = "l2";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [TimeVaryingMean, SignedRoot, PosnegRoot, UnitLength];

    /// <summary>The module of a name.</summary>
    public static FrameTransform Create(string name) => name switch
    {
        TimeVaryingMean => new TimeVaryingMean(),
        SignedRoot => new SignedRoot(),
        PosnegRoot => new PosnegRoot(),
        UnitLength => new UnitLength(),
        _ => throw new ArgumentException($"There is no transform '{name}'.", nameof(name)),
    };
}
