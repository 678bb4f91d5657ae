namespace ArgminLayers.Benchmarks.Measuring;

/// <summary>How long one contestant took in every round, in seconds.</summary>
/// <param name="Seconds">One entry a round, in the order of the rounds.</param>
internal sealed record Timing(IReadOnlyList<double> Seconds)
{
    /// <summary>The median.</summary>
    public double Median => MedianOf(Seconds);

    /// <summary>The shortest.</summary>
    public double Minimum => Seconds.Min();

    /// <summary>
    /// The median of the rounds' ratios. What slows the machine down for a while slows both sides of a round, so this is steadier than a ratio of medians.
    /// </summary>
    public double RatioTo(Timing other) => MedianOf([.. Seconds.Zip(other.Seconds, static (mine, theirs) => mine / theirs)]);

    /// <summary>The ratio of the shortest times: what is left where nothing else runs.</summary>
    public double LeastRatioTo(Timing other) => Minimum / other.Minimum;

    /// <summary>The two in every round, one after the other.</summary>
    public static Timing operator +(Timing left, Timing right) => new([.. left.Seconds.Zip(right.Seconds, static (a, b) => a + b)]);

    internal static double MedianOf(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
