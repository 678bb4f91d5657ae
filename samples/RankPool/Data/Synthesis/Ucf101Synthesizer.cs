using RankPool.Data.Layouts;

namespace RankPool.Data.Synthesis;

/// <summary>UCF101: ten of its classes in groups of two clips. As in the real data set, the lists and the folders differ in upper and lower case.</summary>
public sealed class Ucf101Synthesizer : DataSetSynthesizer
{
    private const int StandardClips = 8;

    private static readonly string[] Classes =
    [
        "ApplyEyeMakeup", "ApplyLipstick", "Archery", "BabyCrawling", "BalanceBeam", "BandMarching", "BaseballPitch", "Basketball", "BasketballDunk", "HandstandPushups",
    ];

    public override string Name => "ucf101";

    public override string Top => Ucf101Layout.ListFolder;

    public override int Write(string root, int? clipsPerClass, int seed, CancellationToken interrupted)
    {
        var clips = Enumerable.Range(0, Classes.Length)
            .SelectMany(label => Enumerable.Range(0, clipsPerClass ?? StandardClips).Select(number => (Label: label, Number: number))).ToList();
        var lists = Path.Combine(root, Top);
        WriteLines(Path.Combine(lists, "classInd.txt"), Classes.Select((name, i) => FormattableString.Invariant($"{i + 1} {name}")));
        for (var split = 1; split <= 3; split++)
        {
            var tested = clips.ToLookup(clip => clip.Number / 2 % 3 == split - 1);
            WriteLines(Path.Combine(lists, FormattableString.Invariant($"trainlist{split:00}.txt")), tested[false].Select(clip => FormattableString.Invariant($"{Listed(clip)} {clip.Label + 1}")));
            WriteLines(Path.Combine(lists, FormattableString.Invariant($"testlist{split:00}.txt")), tested[true].Select(Listed));
        }
        return ForEach(clips, clip => WriteVideo(Path.Combine(root, OnDisk(clip)), RenderClass(clip.Label, clip.Number, seed)), interrupted);
    }

    private static string Listed((int Label, int Number) clip) =>
        FormattableString.Invariant($"{Classes[clip.Label]}/v_{Classes[clip.Label]}_g{clip.Number / 2 + 1:00}_c{clip.Number % 2 + 1:00}.avi");

    private static string OnDisk((int Label, int Number) clip) => Listed(clip).Replace("v_HandstandPushups", "v_HandStandPushups", StringComparison.Ordinal);
}
