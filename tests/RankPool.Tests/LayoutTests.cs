using RankPool.Data;
using RankPool.Data.Decoding;
using RankPool.Data.Layouts;
using RankPool.Data.Synthesis;

namespace RankPool.Tests;

/// <summary>Every layout but UCF-Sports, written once for all tests.</summary>
public sealed class SynthesizedLayouts : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SynthesizedLayouts()
    {
        foreach (var synthesizer in DataSetSynthesizer.All.Where(synthesizer => synthesizer.Name != "ucf-sports"))
            synthesizer.Write(this[synthesizer.Name], null, seed: 1, CancellationToken.None);
    }

    public string this[string name] => folder[name];

    public void Dispose() => folder.Dispose();
}

public class LayoutTests(SynthesizedLayouts synthesized) : IClassFixture<SynthesizedLayouts>
{
    private static readonly FrameSize Small = new(16, 16, 3);

    [Theory]
    [InlineData("hollywood2", 12, 36, 36)]
    [InlineData("hmdb51", 10, 50, 20)]
    [InlineData("ucf101", 10, 40, 40)]
    [InlineData("folders", 4, 16, 8)]
    public void Every_layout_is_read_as_it_was_written(string name, int classes, int training, int test)
    {
        var data = new DataRequest(name, synthesized[name]).Read(Small, Evaluation.Test);

        data.Classes.Count.ShouldBe(classes);
        (data.Training.Count, data.Evaluation.Count).ShouldBe((training, test));
        data.Training.Concat(data.Evaluation).Select(clip => clip.Name).Distinct().Count().ShouldBe(training + test);
        foreach (var clip in data.Training.Take(3).Concat(data.Evaluation.TakeLast(3)))
        {
            using var video = clip.Read();
            video.Size.ShouldBe(Small);
            video.Frames.ShouldBeInRange(12, 48);
        }
    }

    [Fact]
    public void Hollywood2_has_clips_of_two_actions_and_the_chance_of_its_classes()
    {
        var data = new DataRequest("hollywood2", synthesized["hollywood2"]).Read(Small, Evaluation.Test);

        data.MultiLabel.ShouldBeTrue();
        data.Training.Count(clip => clip.Labels.Count == 2).ShouldBe(12);
        var first = data.Training.First(clip => clip.Labels.Count == 2);
        // Clip 3 of the training clips shows action 2 of the list, and five further on.
        Path.GetFileName(first.Name).ShouldBe("actioncliptrain00003.avi");
        first.Labels.Order().ShouldBe([2, 7]);
        data.Chance.ShouldBe(4.0 / 36, 1e-12);
    }

    [Fact]
    public void Official_splits_are_three()
    {
        foreach (var name in (string[])["hmdb51", "ucf101"])
        {
            var splits = Enumerable.Range(1, 3).Select(split =>
                new DataRequest(name, synthesized[name]) { Split = split }.Read(Small, Evaluation.Test).Evaluation.Select(clip => clip.Name).ToHashSet()).ToList();
            splits[0].SetEquals(splits[1]).ShouldBeFalse();
            splits[1].SetEquals(splits[2]).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_split_file_divides_any_data_set_and_its_wrong_lines_are_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder["split.txt"];
        var request = new DataRequest("folders", synthesized["folders"]) { SplitFile = file };
        File.WriteAllLines(file, ["# mine", "grow/clip 0.avi train", "grow/clip 2\ttest", "", "shrink/clip 1.avi   train", "shrink/clip 5 test", "move right/clip 0.avi train", "move right/clip 1.avi test", "move left/clip 0.avi train", "move left/clip 1.avi test"]);
        var data = request.Read(Small, Evaluation.Test);
        data.Training.Select(clip => Path.GetFileName(clip.Name)).ShouldBe(["clip 0.avi", "clip 1.avi", "clip 0.avi", "clip 0.avi"]);
        data.Split.ShouldContain(file);

        string Refusal(string line)
        {
            File.WriteAllLines(file, ["grow/clip 0.avi train", line]);
            return Should.Throw<DataException>(() => request.Read(Small, Evaluation.Test)).Message;
        }
        Refusal("grow/clip 1.avi training").ShouldContain($"'{file}', line 2");
        Refusal("grow/clip 99.avi train").ShouldContain("no such clip");
        Refusal("grow/clip 0.avi test").ShouldContain("same clip");
        Refusal("train").ShouldContain("no such clip");
        Refusal("shrink/clip 0.avi test").ShouldContain("too few clips");
        Should.Throw<DataException>(() => (request with { SplitFile = folder["none"] }).Read(Small, Evaluation.Test)).Message.ShouldContain(folder["none"]);
    }

    [Theory]
    [InlineData("hollywood2", "ClipSets/Kiss_test.txt", "actioncliptest00001  2", "1 or -1")]
    [InlineData("hollywood2", "ClipSets/Kiss_test.txt", "actioncliptrain00001  1", "for training and for testing")]
    [InlineData("hmdb51", "testTrainMulti_7030_splits/dive_test_split1.txt", "x.avi 3", "not used")]
    [InlineData("ucf101", "ucfTrainTestlist/classInd.txt", "5 Archery", "it must be 1 and")]
    [InlineData("ucf101", "ucfTrainTestlist/trainlist01.txt", "Archery/x.avi 7", "the number of Archery is 3")]
    [InlineData("ucf101", "ucfTrainTestlist/testlist01.txt", "Nothing/x.avi", "class of classInd.txt")]
    public void A_wrong_line_of_a_split_is_named(string name, string file, string line, string reason)
    {
        using var folder = new TemporaryFolder();
        CopyTexts(synthesized[name], folder.Path);
        var path = folder[file];
        File.WriteAllLines(path, [line, .. File.ReadAllLines(path)]);

        var refusal = Should.Throw<DataException>(() => new DataRequest(name, folder.Path).List()).Message;

        refusal.ShouldContain($"'{path}', line 1");
        refusal.ShouldContain(reason);
    }

    /// <summary>A clip for training and for testing would make the test worthless, and one twice in a list weighs twice.</summary>
    [Theory]
    [InlineData("hmdb51", "testTrainMulti_7030_splits/dive_test_split1.txt", "testTrainMulti_7030_splits/dive_test_split1.txt")]
    [InlineData("ucf101", "ucfTrainTestlist/testlist01.txt", "ucfTrainTestlist/trainlist01.txt")]
    public void A_clip_that_is_listed_twice_is_named_with_its_line(string name, string file, string also)
    {
        using var folder = new TemporaryFolder();
        CopyTexts(synthesized[name], folder.Path);
        var first = File.ReadAllLines(folder[also])[0];
        File.AppendAllLines(folder[file], [file == also ? first : first[..first.LastIndexOf(' ')].ToUpperInvariant()]);

        var refusal = Should.Throw<DataException>(() => new DataRequest(name, folder.Path).List()).Message;

        refusal.ShouldContain($"'{folder[file]}', line {File.ReadAllLines(folder[file]).Length}");
        refusal.ShouldContain("same clip");
    }

    [Fact]
    public void A_list_without_a_class_and_a_single_class_are_refused()
    {
        using var folder = new TemporaryFolder();
        CopyTexts(synthesized["ucf101"], folder["ucf101"]);
        File.WriteAllText(folder["ucf101", "ucfTrainTestlist", "classInd.txt"], "\n");
        var empty = CommandRun.Of("data", "check", "--data", "ucf101", "--root", folder["ucf101"]);
        (empty.ExitCode, empty.Error.Contains("classInd.txt' names no class", StringComparison.Ordinal)).ShouldBe((1, true), empty.Error);

        Directory.CreateDirectory(folder["one"]);
        Directory.CreateSymbolicLink(folder["one", "grow"], Path.Combine(synthesized["folders"], "grow"));
        var single = CommandRun.Of("data", "check", "--data", "folders", "--root", folder["one"]);
        (single.ExitCode, single.Error.Contains("at least two classes", StringComparison.Ordinal)).ShouldBe((1, true), single.Error);
    }

    [Theory]
    [InlineData("hollywood2", "ClipSets")]
    [InlineData("hmdb51", "testTrainMulti_7030_splits")]
    [InlineData("ucf101", "ucfTrainTestlist")]
    [InlineData("folders", "no clip")]
    public void A_folder_of_another_layout_is_refused(string name, string hint)
    {
        using var folder = new TemporaryFolder();
        Should.Throw<DataException>(() => new DataRequest(name, folder.Path).List()).Message.ShouldContain(hint);
        Should.Throw<DataException>(() => new DataRequest(name, folder["none"]).List()).Message.ShouldContain("does not exist");
    }

    [Theory]
    [InlineData("hollywood2")]
    [InlineData("hmdb51")]
    [InlineData("ucf101")]
    public void Missing_clips_are_named_and_left_out_only_where_that_is_asked_for(string name)
    {
        using var folder = new TemporaryFolder();
        CopyTexts(synthesized[name], folder.Path);
        var listing = new DataRequest(name, synthesized[name]).List();
        foreach (var clip in listing.Clips.Skip(2))
        {
            var copy = folder[Path.GetRelativePath(synthesized[name], clip.Path)];
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, "");
        }
        var request = new DataRequest(name, folder.Path);

        var refusal = Should.Throw<DataException>(() => request.Read(Small, Evaluation.Test)).Message;
        refusal.ShouldContain(Path.GetFileName(listing.Clips[0].Path));
        refusal.ShouldContain("So are 1 more");
        var data = (request with { KeepGoing = true }).Read(Small, Evaluation.Test);
        data.Skipped!.List.Count.ShouldBe(2);
        (data.Training.Count + data.Evaluation.Count).ShouldBe(listing.Clips.Count - 2);
    }

    [Fact]
    public void Check_finds_what_is_missing_and_what_does_not_decode()
    {
        using var folder = new TemporaryFolder();
        new Hmdb51Synthesizer().Write(folder.Path, clipsPerClass: 4, seed: 1, CancellationToken.None);
        var fine = CommandRun.Of("data", "check", "--data", "hmdb51", "--root", folder.Path);
        (fine.ExitCode, fine.Error).ShouldBe((0, ""));
        fine.Output.ShouldContain("The split can be run.");

        var clips = new DataRequest("hmdb51", folder.Path).List().Clips;
        var (missing, empty, cut, text) = (clips[0].Path, clips[9].Path, clips[16].Path, clips[25].Path);
        File.Delete(missing);
        File.WriteAllText(empty, "");
        File.WriteAllText(text, "this is no video");
        using (var stream = File.OpenWrite(cut))
            stream.SetLength(stream.Length / 2);
        var bad = CommandRun.Of("data", "check", "--data", "hmdb51", "--root", folder.Path);

        bad.ExitCode.ShouldBe(1);
        bad.Error.TrimEnd().ShouldBe("The split cannot be run: 1 clips are missing and 3 do not decode; --keep-going leaves them out.");
        bad.Output.ShouldContain($"Missing: '{missing}' is not there");
        bad.Output.ShouldContain($"'{empty}' does not decode: it is empty");
        bad.Output.ShouldContain($"'{cut}' is cut off");
        bad.Output.ShouldContain($"'{text}' does not decode");
        CommandRun.Of("data", "check", "--data", "hmdb51", "--root", folder.Path, "--keep-going").ExitCode.ShouldBe(0);
        foreach (var clip in clips.Where(clip => clip.Labels[0] == 0))
            File.Delete(clip.Path);
        CommandRun.Of("data", "check", "--data", "hmdb51", "--root", folder.Path, "--keep-going").Error.ShouldContain("too few clips of brush_hair");
    }

    [Fact]
    public void A_picture_that_does_not_decode_is_named()
    {
        var frames = Path.Combine(synthesized["folders"], "grow", "clip 2");
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.GetFiles(frames))
            File.Copy(file, folder[Path.GetFileName(file)]);
        var clip = new ClipOnDisk(folder.Path, [0], Small);
        using (var video = clip.Read())
            video.Frames.ShouldBe(Directory.GetFiles(frames).Length);

        File.WriteAllText(folder["frame 4.png"], "this is no picture");
        Should.Throw<DataException>(() => clip.Read()).Message.ShouldContain("frame 4.png");
        File.WriteAllText(folder["frame 4.png"], "");
        Should.Throw<DataException>(() => clip.Read()).Message.ShouldContain("frame 4.png");
        foreach (var file in Directory.GetFiles(folder.Path).Where(file => !file.EndsWith("frame 7.png", StringComparison.Ordinal)))
            File.Delete(file);
        using (var video = clip.Read())
            video.Frames.ShouldBe(1);
    }

    private static void CopyTexts(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*.txt", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
