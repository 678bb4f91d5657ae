namespace ArgminLayers.Benchmarks.Measuring;

/// <summary>The exponent p of a time that grows like c·nᵖ.</summary>
internal static class GrowthExponent
{
    /// <summary>The slope of log time over log size, by least squares.</summary>
    /// <param name="points">Sizes and seconds; at least two sizes.</param>
    public static double Fit(IReadOnlyCollection<(double Size, double Seconds)> points)
    {
        var (x, y) = (points.Select(point => Math.Log(point.Size)).ToArray(), points.Select(point => Math.Log(point.Seconds)).ToArray());
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}
