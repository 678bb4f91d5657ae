using System;

namespace ArgminLayers.Generator.Structure;

/// <summary>What is known about a value's range: bounds, and whether they are attained.</summary>
internal readonly record struct Interval(double Low, double High, bool LowOpen = false, bool HighOpen = false)
{
    public static readonly Interval Everything = new(double.NegativeInfinity, double.PositiveInfinity);

    public static readonly Interval NonNegative = new(0, double.PositiveInfinity);

    public static readonly Interval Positive = new(0, double.PositiveInfinity, true);

    public static Interval Point(double value) => new(value, value);

    public bool IsNonNegative => Low >= 0;

    public bool IsNonPositive => High <= 0;

    public bool IsPositive => Low > 0 || (Low == 0 && LowOpen);

    public bool IsNegative => High < 0 || (High == 0 && HighOpen);

    public bool IsZero => Low == 0 && High == 0;

    public Interval Negated => new(-High, -Low, HighOpen, LowOpen);

    public static Interval operator +(Interval a, Interval b) =>
        new(a.Low + b.Low, a.High + b.High, a.LowOpen || b.LowOpen, a.HighOpen || b.HighOpen);

    public static Interval operator *(Interval a, Interval b)
    {
        if (a.IsNonPositive && !a.IsZero)
        {
            return (a.Negated * b).Negated;
        }

        if (a.IsNonNegative && b.IsNonNegative)
        {
            var low = Times(a.Low, b.Low);
            var open = low == 0 ? a.IsPositive && b.IsPositive : a.LowOpen || b.LowOpen;
            return new Interval(low, Times(a.High, b.High), open, a.HighOpen || b.HighOpen);
        }

        if (a.IsNonNegative && b.IsNonPositive)
        {
            return (a * b.Negated).Negated;
        }

        if (a.IsNonNegative)
        {
            return new Interval(Times(a.High, b.Low), Times(a.High, b.High));
        }

        var bounds = new[] { Times(a.Low, b.Low), Times(a.Low, b.High), Times(a.High, b.Low), Times(a.High, b.High) };
        Array.Sort(bounds);
        return new Interval(bounds[0], bounds[3]);
    }

    public Interval Union(Interval other) => new(
        Math.Min(Low, other.Low),
        Math.Max(High, other.High),
        Low < other.Low ? LowOpen : other.Low < Low ? other.LowOpen : LowOpen && other.LowOpen,
        High > other.High ? HighOpen : other.High > High ? other.HighOpen : HighOpen && other.HighOpen);

    /// <summary>The range under a function that grows.</summary>
    public Interval Through(Func<double, double> increasing) => new(increasing(Low), increasing(High), LowOpen, HighOpen);

    // 0 · ∞ = 0: an infinite bound is a limit, not a value.
    private static double Times(double x, double y) => x == 0 || y == 0 ? 0 : x * y;
}
