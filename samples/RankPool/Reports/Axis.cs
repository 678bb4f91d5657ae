namespace RankPool.Reports;

/// <summary>Round numbers for an axis that starts at 0.</summary>
internal static class Axis
{
    /// <summary>A step of 1, 2 or 5 times a power of ten that gives about five ticks up to <paramref name="top"/>.</summary>
    public static double Step(double top)
    {
        var rough = top / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * ((rough / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
    }

    /// <summary>The first multiple of the step that is not below <paramref name="highest"/>.</summary>
    public static double Above(double highest)
    {
        if (!(highest > 0 && double.IsFinite(highest)))
            return 1;
        var step = Step(highest);
        return step * Math.Ceiling(highest / step - 1e-9);
    }

    /// <summary>0 and the multiples of the step up to <paramref name="top"/>.</summary>
    public static IEnumerable<double> Ticks(double top)
    {
        var step = Step(top);
        for (var i = 0; i * step <= top * (1 + 1e-9); i++)
            yield return i * step;
    }
}
