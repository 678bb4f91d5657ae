using System.CommandLine;
using RankPool.Data.UcfSports;
using RankPool.Reports;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary><c>rankpool synthesize</c>: rendered scenes as video files in the layout of a real data set.</summary>
internal static class SynthesizeCommand
{
    public static Command Create(TextWriter output, CancellationToken interrupted)
    {
        var layout = Word("--layout", "The data set whose folders to imitate.", UcfSportsReader.Name, UcfSportsReader.Name);
        var root = Folder("--out", "The folder to write to. Required.");
        var clips = Whole("--videos-per-class", "Clips of every class. [default: as in the real data set, 150 in all]", 2, 999);
        var seed = Whole("--seed", "Decides the scenes. [default: 0]", 0);
        var command = new Command("synthesize", "Write video files (avi and jpg, with ffmpeg) in the layout of a real data set.") { layout, root, clips, seed };
        command.SetAction(arguments =>
        {
            var folder = arguments.GetValue(root) ?? throw new UsageException("synthesize needs --out DIR, the folder to write to.");
            var top = Path.Combine(folder, UcfSportsLayout.Top);
            if (Directory.Exists(top))
                throw new UsageException($"--out already holds '{UcfSportsLayout.Top}'; delete '{top}' or choose another folder.");
            var console = Terminal.On(output);
            Terminal.WriteLine(console, $"Writing clips into '{top}' ...");
            var count = UcfSportsSynthesizer.Write(folder, arguments.GetValue(clips), arguments.GetValue(seed) ?? 0, interrupted);
            Terminal.WriteLine(console, FormattableString.Invariant($"Written: {count} clips."));
        });
        return command;
    }
}
