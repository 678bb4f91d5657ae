using RankPool.Data.Layouts;

namespace RankPool.Data.Synthesis;

/// <summary>HMDB51: ten of its classes, file names with '#', '(' and '!', and clips that a split does not use.</summary>
public sealed class Hmdb51Synthesizer : DataSetSynthesizer
{
    private const int StandardClips = 8;

    private static readonly string[] Classes =
        ["brush_hair", "cartwheel", "catch", "chew", "clap", "climb", "climb_stairs", "dive", "draw_sword", "dribble"];

    public override string Name => "hmdb51";

    public override string Top => Hmdb51Layout.SplitFolder;

    public override int Write(string root, int? clipsPerClass, int seed, CancellationToken interrupted)
    {
        var count = clipsPerClass ?? StandardClips;
        foreach (var name in Classes)
        {
            for (var split = 1; split <= 3; split++)
            {
                // In the real files every line ends with a space.
                WriteLines(
                    Path.Combine(root, Top, FormattableString.Invariant($"{name}_test_split{split}.txt")),
                    Enumerable.Range(0, count).Select(number => FormattableString.Invariant($"{FileName(name, number)} {Id(number, split)} ")));
            }
        }
        var clips = Enumerable.Range(0, Classes.Length).SelectMany(label => Enumerable.Range(0, count).Select(number => (Label: label, Number: number))).ToList();
        return ForEach(
            clips, clip => WriteVideo(Path.Combine(root, Classes[clip.Label], FileName(Classes[clip.Label], clip.Number)), RenderClass(clip.Label, clip.Number, seed)),
            interrupted);
    }

    private static string FileName(string name, int number) =>
        FormattableString.Invariant($"Rendered_{(number % 2 == 0 ? "Scene!" : "Scene(x)")}#{number}_{name}_u_nm_np1_fr_med_{number}.avi");

    /// <summary>Of eight clips, 5 are for training, 2 for testing and 1 is not used; which ones depends on the split.</summary>
    private static int Id(int number, int split) => ((number + split) % 8) switch { 0 => 0, 3 or 6 => 2, _ => number == 7 ? 2 : 1 };
}
