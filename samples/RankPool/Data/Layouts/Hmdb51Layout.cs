namespace RankPool.Data.Layouts;

/// <summary>
/// HMDB51: <c>class/video.avi</c>, and <c>testTrainMulti_7030_splits/class_test_splitN.txt</c> with lines <c>video.avi id</c>, where id is 1 for training,
/// 2 for testing and 0 for a clip that is not used.
/// </summary>
public sealed class Hmdb51Layout : DataSetLayout
{
    public const string SplitFolder = "testTrainMulti_7030_splits";

    public override string Name => "hmdb51";

    public override int Splits => 3;

    public override ClipListing List(string root, int split)
    {
        var splits = FindFolder(root, $"folder {SplitFolder}", SplitFolder, Path.Combine("..", SplitFolder));
        var ending = FormattableString.Invariant($"_test_split{split}.txt");
        var files = Directory.GetFiles(splits, "*" + ending).Order(StringComparer.Ordinal).ToList();
        if (files.Count == 0)
            throw new DataException($"'{splits}' holds no file whose name ends in '{ending}'.");
        var classes = files.ConvertAll(file => Path.GetFileName(file)[..^ending.Length]);
        var (clips, missing) = (new List<ListedClip>(), new List<SkippedFile>());
        foreach (var (label, file) in files.Index())
        {
            var listed = new HashSet<string>();
            foreach (var line in Lines(file))
            {
                var (video, id) = line.SplitLast();
                if (video.Length == 0 || id is not ("0" or "1" or "2"))
                    throw line.Wrong("it must be the name of a video and 1 (training), 2 (testing) or 0 (not used)");
                if (!listed.Add(video))
                    throw line.Wrong("an earlier line names the same clip");
                if (id == "0")
                    continue;
                var path = Path.Combine(root, classes[label], video);
                if (File.Exists(path))
                    clips.Add(new ListedClip($"{classes[label]}/{video}", path, [label], id == "1" ? ClipUse.Training : ClipUse.Test));
                else
                    missing.Add(new SkippedFile(path, FormattableString.Invariant($"'{path}' is not there, and line {line.Number} of '{file}' names it.")));
            }
        }
        return new ClipListing { Classes = classes, Clips = clips, Missing = missing, Rule = FormattableString.Invariant($"official split {split}") };
    }
}
