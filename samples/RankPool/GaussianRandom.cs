namespace RankPool;

/// <summary>Normal deviates.</summary>
internal static class GaussianRandom
{
    /// <summary>A standard normal deviate (Box and Muller).</summary>
    public static double NextGaussian(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
