using System.Globalization;

namespace RankPool.Reports;

/// <summary>Numbers as people read them, the same in every culture.</summary>
internal static class Figures
{
    public static string Percent(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    public static string Rate(double perSecond) => perSecond.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Loss(double loss) => loss.ToString("0.000", CultureInfo.InvariantCulture);

    public static string Seconds(double seconds) => seconds.ToString("0.0", CultureInfo.InvariantCulture);
}
