using System.CommandLine;
using RankPool.Descriptors;
using RankPool.Reports;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary><c>rankpool merge</c>: puts the shards of <c>rankpool pool</c> together.</summary>
internal static class MergeCommand
{
    public static Command Create(TextWriter output, CancellationToken interrupted)
    {
        var parts = new Option<string[]>("--in") { Description = "The --out folders of the shards; one, if they share it. Required.", HelpName = "DIR", AllowMultipleArgumentsPerToken = true };
        var target = Folder("--out", "The folder for descriptors.npy, names.txt and skipped.csv. Required.");
        var command = new Command("merge", "Put the descriptors of all shards of 'rankpool pool' together.") { parts, target };
        command.SetAction(arguments =>
        {
            var folders = arguments.GetValue(parts) is { Length: > 0 } given ? given : throw new UsageException("merge needs --in DIR, the folders of the shards.");
            var place = arguments.GetValue(target) ?? throw new UsageException("merge needs --out DIR, the folder for the descriptors.");
            var folder = new DescriptorFolder(place);
            var (rows, skipped) = DescriptorMerge.Run([.. folders.Select(part => new DescriptorFolder(part))], folder, interrupted);
            Terminal.WriteLine(Terminal.On(output), FormattableString.Invariant(
                $"Written: {folder.MatrixFile}, {rows:#,0} descriptors, and their names in {folder.NamesFile}; {skipped:#,0} sequences left out, in {folder.SkippedFile}"));
        });
        return command;
    }
}
