namespace RankPool.Data.Layouts;

/// <summary>One folder of UCF-Sports.</summary>
/// <param name="Name">The folder's name on disk.</param>
/// <param name="Class">The class that its clips belong to.</param>
/// <param name="Clips">How many clips it holds, numbered from 001.</param>
/// <param name="TestClips">The clips of the test set of Lan et al. are 001 up to this number.</param>
public sealed record UcfSportsFolder(string Name, string Class, int Clips, int TestClips);

/// <summary>
/// How UCF-Sports lies on disk: <c>ucf action/Folder/NNN/</c> with jpg frames, usually an avi file, and <c>gt/*.txt</c> with boxes.
/// Thirteen folders form ten classes of 150 clips. The split into 103 training and 47 test clips is that of Lan, Wang and Mori
/// (ICCV 2011).
/// </summary>
public static class UcfSportsFolders
{
    /// <summary>The folder that holds the thirteen.</summary>
    public const string Top = "ucf action";

    public static IReadOnlyList<UcfSportsFolder> All { get; } =
    [
        new("Diving-Side", "Diving", 14, 4),
        new("Golf-Swing-Back", "Golf-Swing", 5, 5),
        new("Golf-Swing-Front", "Golf-Swing", 8, 1),
        new("Golf-Swing-Side", "Golf-Swing", 5, 0),
        new("Kicking-Front", "Kicking", 10, 6),
        new("Kicking-Side", "Kicking", 10, 0),
        new("Lifting", "Lifting", 6, 2),
        new("Riding-Horse", "Riding-Horse", 12, 4),
        new("Run-Side", "Run", 13, 4),
        new("SkateBoarding-Front", "SkateBoarding", 12, 4),
        new("Swing-Bench", "Swing-Bench", 20, 6),
        new("Swing-SideAngle", "Swing-SideAngle", 13, 4),
        new("Walk-Front", "Walk", 22, 7),
    ];

    /// <summary>The name of a clip's folder.</summary>
    public static string Number(int clip) => clip.ToString("000", System.Globalization.CultureInfo.InvariantCulture);
}
