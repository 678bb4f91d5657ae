namespace ArgminLayers.Benchmarks.Reports;

/// <summary>What is being measured, on standard error, so that a long run is seen to go on.</summary>
internal static class Progress
{
    /// <summary>Says it.</summary>
    public static void Say(string what) => Console.Error.WriteLine($"… {what}");
}
