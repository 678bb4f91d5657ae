using System.CommandLine;
using RankPool.Data.Synthesis;
using RankPool.Reports;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary><c>rankpool synthesize</c>: rendered scenes as video files in the layout of a real data set.</summary>
internal static class SynthesizeCommand
{
    public static Command Create(TextWriter output, CancellationToken interrupted)
    {
        var layout = Word(
            "--layout", "The data set whose folders to imitate.", DataSetSynthesizer.All[0].Name, [.. DataSetSynthesizer.All.Select(synthesizer => synthesizer.Name)]);
        var root = Folder("--out", "The folder to write to. Required.");
        var clips = Whole("--videos-per-class", "Clips of every class. [default: as in the real data set for ucf-sports, 150 in all; 6 or 8 for the others]", 2, 999);
        var seed = Whole("--seed", "Decides the scenes. [default: 0]", 0);
        var command = new Command("synthesize", "Write video files (avi, jpg and png, with ffmpeg) in the layout of a real data set.") { layout, root, clips, seed };
        command.SetAction(arguments =>
        {
            var folder = arguments.GetValue(root) ?? throw new UsageException("synthesize needs --out DIR, the folder to write to.");
            var synthesizer = DataSetSynthesizer.Of(arguments.GetRequiredValue(layout));
            var top = Path.Combine(folder, synthesizer.Top);
            if (Directory.Exists(top))
                throw new UsageException($"--out already holds '{synthesizer.Top}'; delete '{top}' or choose another folder.");
            var console = Terminal.On(output);
            Terminal.WriteLine(console, $"Writing clips into '{folder}' ...");
            var count = synthesizer.Write(folder, arguments.GetValue(clips), arguments.GetValue(seed) ?? 0, interrupted);
            Terminal.WriteLine(console, FormattableString.Invariant($"Written: {count} clips."));
        });
        return command;
    }
}
