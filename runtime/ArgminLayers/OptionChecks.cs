namespace ArgminLayers;

/// <summary>What is asked of <see cref="ArgminOptions"/>, whatever the objective.</summary>
internal static class OptionChecks
{
    /// <summary>Refuses limits and tolerances that no solve could keep.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the option.</exception>
    public static void Limits(ArgminOptions options)
    {
        if (options.MaxIterations is { } iterations)
            ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1, Name(nameof(options.MaxIterations)));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxLinearIterations, 1, Name(nameof(options.MaxLinearIterations)));
        Tolerance(options.LinearTolerance, Name(nameof(options.LinearTolerance)));
        Tolerance(options.StationarityTolerance, Name(nameof(options.StationarityTolerance)));
    }

    private static void Tolerance(double? value, string name)
    {
        if (value is { } tolerance && !(tolerance > 0 && tolerance < 1))
            throw new ArgumentOutOfRangeException(name, tolerance, "A tolerance lies between 0 and 1.");
    }

    private static string Name(string option) => $"options.{option}";
}
