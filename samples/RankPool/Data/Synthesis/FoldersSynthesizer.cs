using RankPool.Data.Decoding;

namespace RankPool.Data.Synthesis;

/// <summary>Four classes of files with every third clip as a folder of png frames, names with spaces among them.</summary>
public sealed class FoldersSynthesizer : DataSetSynthesizer
{
    private const int StandardClips = 6;

    private static readonly string[] Classes = ["grow", "shrink", "move right", "move left"];

    public override string Name => "folders";

    public override string Top => Classes[0];

    public override int Write(string root, int? clipsPerClass, int seed, CancellationToken interrupted)
    {
        var clips = Enumerable.Range(0, Classes.Length)
            .SelectMany(label => Enumerable.Range(0, clipsPerClass ?? StandardClips).Select(number => (Label: label, Number: number))).ToList();
        return ForEach(clips, clip =>
        {
            var video = RenderClass(clip.Label, clip.Number, seed);
            var name = Path.Combine(root, Classes[clip.Label], FormattableString.Invariant($"clip {clip.Number}"));
            if (clip.Number % 3 != 2)
            {
                WriteVideo(name + ".avi", video);
                return;
            }
            Writing(name, () =>
            {
                Directory.CreateDirectory(name);
                Ffmpeg.Encode(video, name, ["-threads", "1", "frame %d.png"]);
            });
        }, interrupted);
    }
}
