using System.Globalization;

namespace RankPool.Data.Layouts;

/// <summary>
/// UCF101: <c>Class/v_Class_gXX_cYY.avi</c>, and in <c>ucfTrainTestlist</c> the files <c>classInd.txt</c> (<c>1 ApplyEyeMakeup</c>), <c>trainlist0N.txt</c> (path and
/// number of the class) and <c>testlist0N.txt</c> (path). The lists and the folders differ in upper and lower case.
/// </summary>
public sealed class Ucf101Layout : DataSetLayout
{
    public const string ListFolder = "ucfTrainTestlist";

    public override string Name => "ucf101";

    public override int Splits => 3;

    public override ClipListing List(string root, int split)
    {
        var lists = FindFolder(root, $"folder {ListFolder}", ListFolder, Path.Combine("..", ListFolder));
        string[] tops = [Path.Combine(root, "UCF-101"), root];
        var top = tops.First(Directory.Exists);
        var classes = ReadClasses(Path.Combine(lists, "classInd.txt"));
        var videos = Directory.EnumerateFiles(top, "*", SearchOption.AllDirectories)
            .GroupBy(file => Path.GetRelativePath(top, file).Replace('\\', '/'), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);
        var (clips, missing) = (new List<ListedClip>(), new List<SkippedFile>());
        var listed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var use in (ClipUse[])[ClipUse.Training, ClipUse.Test])
        {
            var file = Path.Combine(lists, FormattableString.Invariant($"{(use == ClipUse.Training ? "train" : "test")}list{split:00}.txt"));
            foreach (var line in Lines(file))
            {
                var (name, label) = Read(line, classes, use);
                if (!listed.Add(name))
                    throw line.Wrong("an earlier line names the same clip");
                if (videos.TryGetValue(name, out var path))
                    clips.Add(new ListedClip(name, path, [label], use));
                else
                    missing.Add(new SkippedFile(Path.Combine(top, name), FormattableString.Invariant($"'{Path.Combine(top, name)}' is not there, and line {line.Number} of '{file}' names it.")));
            }
        }
        return new ClipListing { Classes = classes, Clips = clips, Missing = missing, Rule = FormattableString.Invariant($"official split {split}") };
    }

    private static List<string> ReadClasses(string file)
    {
        var classes = new List<string>();
        foreach (var line in Lines(file))
        {
            if (line.Parts is not [var number, var name] || number != (classes.Count + 1).ToString(CultureInfo.InvariantCulture))
                throw line.Wrong(FormattableString.Invariant($"it must be {classes.Count + 1} and the name of a class"));
            classes.Add(name);
        }
        return classes.Count > 0 ? classes : throw new DataException($"'{file}' names no class.");
    }

    private static (string Name, int Label) Read(TextLine line, List<string> classes, ClipUse use)
    {
        var name = use == ClipUse.Training ? line.SplitLast().Before : line.Text;
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var label = slash < 0 ? -1 : classes.FindIndex(known => known.Equals(name[..slash], StringComparison.OrdinalIgnoreCase));
        if (label < 0)
            throw line.Wrong("it must begin with a class of classInd.txt and '/'" + (use == ClipUse.Training ? ", and end with the number of the class" : ""));
        if (use == ClipUse.Training && line.SplitLast().Last != (label + 1).ToString(CultureInfo.InvariantCulture))
            throw line.Wrong(FormattableString.Invariant($"the number of {classes[label]} is {label + 1}"));
        return (name, label);
    }
}
