namespace RankPool.Reports;

/// <summary>The colours of all charts, dark on white.</summary>
internal static class Palette
{
    public const string Ink = "#202020", Grid = "#E0E0E0", Level = "#606060";

    // Okabe and Ito's palette, which people with any colour vision can tell apart, without its yellow, too pale on white.
    private static readonly string[] Colours = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"];

    // Curves that coincide stay visible through the gaps of the later one.
    private static readonly string[] Dashings = ["none", "6 3", "2 3", "8 3 2 3", "4 2", "1 2"];

    /// <summary>The colour of the i-th of several things.</summary>
    public static string Colour(int i) => Colours[i % Colours.Length];

    /// <summary>The dashes of the i-th of several curves.</summary>
    public static string Dashes(int i) => Dashings[i % Dashings.Length];
}
