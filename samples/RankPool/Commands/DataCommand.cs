using System.CommandLine;
using System.Globalization;
using RankPool.Data;
using RankPool.Data.Layouts;
using RankPool.Reports;
using Spectre.Console;

namespace RankPool.Commands;

/// <summary><c>rankpool data check</c>: what is there of a data set, what is missing, what does not decode.</summary>
internal static class DataCommand
{
    public static Command Create(TextWriter output, CancellationToken interrupted)
    {
        var check = new Command("check", "Decode every clip, and say what is there, what is missing and whether the split can be run.");
        var options = new DataOptions(embedded: false);
        options.AddTo(check, cached: false);
        check.SetAction(arguments => Check(options.Read(arguments)!, Terminal.On(output), interrupted));
        return new Command("data", "Look at data sets on disk.") { check };
    }

    private static void Check(DataRequest request, IAnsiConsole console, CancellationToken interrupted)
    {
        var check = DataCheck.Of(request, interrupted);
        var listing = check.Listing;
        var table = new Table().Border(TableBorder.Rounded).AddColumn("Class");
        foreach (var heading in (string[])["Training", "Test", "Frames"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        void Row(string name, IReadOnlyList<ListedClip> clips) => table.AddRow(
            [name, Count(clips, ClipUse.Training), Count(clips, ClipUse.Test), clips.Sum(clip => (long)check.Frames.GetValueOrDefault(clip.Path)).ToString("#,0", CultureInfo.InvariantCulture)]);
        foreach (var (label, name) in listing.Classes.Index())
            Row(Markup.Escape(name), [.. listing.Clips.Where(clip => clip.Labels.Contains(label))]);
        Row("all clips", listing.Clips);
        console.Write(table);
        Terminal.WriteLine(console, $"Division: {listing.Rule}");
        foreach (var file in listing.Missing)
            Terminal.WriteLine(console, "Missing: " + file.Reason);
        foreach (var file in check.Broken)
            Terminal.WriteLine(console, "Broken: " + file.Reason);
        if (check.Obstacle is { } obstacle)
            throw new DataException(obstacle);
        Terminal.WriteLine(console, "The split can be run.");
    }

    private static string Count(IEnumerable<ListedClip> clips, ClipUse use) => clips.Count(clip => clip.Use == use).ToString(CultureInfo.InvariantCulture);
}
