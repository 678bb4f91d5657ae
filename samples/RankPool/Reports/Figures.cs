using System.Globalization;

namespace RankPool.Reports;

/// <summary>Numbers as people read them, the same in every culture.</summary>
internal static class Figures
{
    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    public static string Rate(double perSecond) => perSecond.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>The time that is left at the present speed, as minutes and seconds.</summary>
    public static string TimeLeft(TimeSpan elapsed, double done, double total)
    {
        var left = done > 0 ? elapsed * ((total - done) / done) : TimeSpan.Zero;
        return FormattableString.Invariant($"{(int)left.TotalMinutes}:{left.Seconds:00}");
    }

    public static string Loss(double loss) => loss.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);
}
