using System.Diagnostics;
using RankPool.Data;
using RankPool.Data.Decoding;
using RankPool.Data.Layouts;
using RankPool.Data.Synthesis;

namespace RankPool.Tests;

/// <summary>Four clips of every class, written once for all tests.</summary>
public sealed class SynthesizedUcfSports : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SynthesizedUcfSports() => new UcfSportsSynthesizer().Write(Root, clipsPerClass: 4, seed: 1, CancellationToken.None).ShouldBe(40);

    public string Root => folder.Path;

    public string Clip(string name, string number) => folder[UcfSportsFolders.Top, name, number];

    public void Dispose() => folder.Dispose();
}

public class UcfSportsTests(SynthesizedUcfSports synthesized) : IClassFixture<SynthesizedUcfSports>
{
    private static readonly FrameSize Small = new(32, 24, 3);

    [Fact]
    public void The_layout_is_that_of_the_data_set()
    {
        UcfSportsFolders.All.Count.ShouldBe(13);
        UcfSportsFolders.All.Select(folder => folder.Class).Distinct().Count().ShouldBe(10);
        UcfSportsFolders.All.Sum(folder => folder.Clips).ShouldBe(150);
        UcfSportsFolders.All.Sum(folder => folder.TestClips).ShouldBe(47);
    }

    [Fact]
    public void Synthesized_folders_have_the_quirks_of_the_real_one()
    {
        string[] Files(string name, string number, string pattern) => Directory.GetFiles(synthesized.Clip(name, number), pattern);

        Files("Diving-Side", "001", "*.avi").Length.ShouldBe(1);
        Files("Diving-Side", "003", "*.avi").ShouldBeEmpty();
        Files("Diving-Side", "003", "*.jpg").Length.ShouldBeInRange(12, 24);
        Files("Golf-Swing-Back", "001", "*.jpg").ShouldBeEmpty();
        Files("Golf-Swing-Back", "001", "*.avi")[0].ShouldContain("(1)");
        File.ReadAllText(Path.Combine(synthesized.Clip("Lifting", "002"), "gt", "001.txt")).Split('\t').Length.ShouldBe(5);
        File.ReadAllText(Path.Combine(synthesized.Clip("Lifting", "001"), "gt", "001.txt")).Split(' ').Length.ShouldBe(5);
        Directory.Exists(Path.Combine(synthesized.Clip("Lifting", "003"), "gt")).ShouldBeFalse();
    }

    [Fact]
    public void A_part_of_the_data_set_is_divided_by_the_stated_rule()
    {
        var data = new DataRequest("ucf-sports", synthesized.Root).Read(Small, Evaluation.Test);

        data.Classes.Count.ShouldBe(10);
        data.Evaluation.Count.ShouldBe(10);
        data.Training.Count.ShouldBe(30);
        data.Split.ShouldContain("every third clip");
        data.Evaluation.Where(clip => data.Classes[clip.Label] == "Walk").Single().Name.ShouldEndWith(Path.Combine("Walk-Front", "002"));
        // The clips of a class are counted through its folders; Golf-Swing-Back has two of the four.
        data.Evaluation.Where(clip => data.Classes[clip.Label] == "Golf-Swing").Single().Name.ShouldEndWith(Path.Combine("Golf-Swing-Back", "002"));
    }

    [Fact]
    public void Validation_clips_come_out_of_the_training_clips()
    {
        var test = new DataRequest("ucf-sports", synthesized.Root).Read(Small, Evaluation.Test);
        var validation = new DataRequest("ucf-sports", synthesized.Root).Read(Small, Evaluation.Validation);

        validation.Evaluation.Count.ShouldBe(10);
        validation.Training.Count.ShouldBe(20);
        validation.Training.Concat(validation.Evaluation).Select(clip => clip.Name).Order().ShouldBe(test.Training.Select(clip => clip.Name).Order());
    }

    [Fact]
    public void All_150_clips_are_divided_as_Lan_et_al_did()
    {
        using var folder = new TemporaryFolder();
        MakeAllClips(folder);

        var data = new DataRequest("ucf-sports", folder.Path).Read(Small, Evaluation.Test);

        data.Split.ShouldContain("Lan et al.");
        data.Training.Count.ShouldBe(103);
        data.Evaluation.Count.ShouldBe(47);
        string[] test =
        [
            "Diving-Side 4", "Golf-Swing-Back 5", "Golf-Swing-Front 1", "Kicking-Front 6", "Lifting 2", "Riding-Horse 4",
            "Run-Side 4", "SkateBoarding-Front 4", "Swing-Bench 6", "Swing-SideAngle 4", "Walk-Front 7",
        ];
        var names = data.Evaluation.Select(clip => Path.GetRelativePath(folder.Path, clip.Name).Replace('\\', '/')).ToList();
        names.ShouldBe(test.Select(line => line.Split(' ')).SelectMany(part => Enumerable.Range(1, int.Parse(part[1])).Select(number => $"{part[0]}/{number:000}")), ignoreOrder: true);
    }

    /// <summary>A real copy that lacks some clips keeps its split: on another one, numbers could not be put beside the paper's.</summary>
    [Fact]
    public void Clips_that_are_missing_do_not_change_the_split_of_Lan_et_al()
    {
        using var folder = new TemporaryFolder();
        MakeAllClips(folder);
        Directory.Delete(folder["Walk-Front", "007"]);
        Directory.Delete(folder["Run-Side", "013"]);
        var request = new DataRequest("ucf-sports", folder.Path);

        var refusal = Should.Throw<DataException>(() => request.Read(Small, Evaluation.Test)).Message;
        refusal.ShouldContain($"'{folder["Run-Side", "013"]}' is not there");
        refusal.ShouldContain("So are 1 more");
        var data = (request with { KeepGoing = true }).Read(Small, Evaluation.Test);
        (data.Training.Count, data.Evaluation.Count).ShouldBe((102, 46));
        data.Split.ShouldContain("Lan et al.");
        data.Skipped!.List.Select(file => file.Name).ShouldBe([folder["Run-Side", "013"], folder["Walk-Front", "007"]]);

        foreach (var clip in Directory.GetDirectories(folder["Lifting"]))
            Directory.Delete(clip);
        Should.Throw<DataException>(() => (request with { KeepGoing = true }).Read(Small, Evaluation.Test)).Message.ShouldContain("too few clips of Lifting");
    }

    [Theory]
    [InlineData("Run-Side", "001")]
    [InlineData("Diving-Side", "003")]
    public void Clips_decode_from_avi_and_from_jpg_at_the_size_asked_for(string folder, string number)
    {
        var data = new DataRequest("ucf-sports", synthesized.Root).Read(Small, Evaluation.Test);
        var clip = data.Training.Single(clip => clip.Name == synthesized.Clip(folder, number));

        var video = clip.Read();

        video.Size.ShouldBe(Small);
        video.Frames.ShouldBe(Directory.GetFiles(clip.Name, "*.jpg").Length);
    }

    [Fact]
    public void What_is_encoded_decodes_to_nearly_the_same_pixels()
    {
        using var folder = new TemporaryFolder();
        // Three flat frames, red, green, blue: order, colours and number of frames can be told afterwards.
        byte[] colours = [200, 20, 20, 20, 200, 20, 20, 20, 200];
        var pixels = new byte[3 * 64 * 48 * 3];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = colours[i / (64 * 48 * 3) * 3 + i % 3];
        Ffmpeg.Encode(new VideoInMemory(new FrameSize(64, 48, 3), pixels), folder.Path, ["-c:v", "mpeg4", "-q:v", "2", "a (1).avi"]);

        var video = (VideoInMemory)new ClipOnDisk(folder["a (1).avi"], [0], new FrameSize(8, 8, 3)).Read();

        video.Frames.ShouldBe(3);
        for (var i = 0; i < video.Pixels.Length; i++)
            ((double)video.Pixels[i]).ShouldBe(colours[i / (8 * 8 * 3) * 3 + i % 3], 12);
    }

    [Fact]
    public void Twin_classes_show_the_same_scenes_backwards()
    {
        // Lifting moves up, Diving shows the same scene moving down: its first frame resembles the other's last.
        var size = new FrameSize(32, 24, 1);
        VideoInMemory Read(string folder) => (VideoInMemory)new ClipOnDisk(Directory.GetFiles(synthesized.Clip(folder, "001"), "*.avi")[0], [0], size).Read();
        var (lifting, diving) = (Read("Lifting"), Read("Diving-Side"));

        diving.Frames.ShouldBe(lifting.Frames);
        double Difference(int t, int s) => diving.Frame(t).ToArray().Zip(lifting.Frame(s).ToArray(), (a, b) => Math.Abs(a - b)).Average();
        for (var t = 0; t < diving.Frames; t++)
            Difference(t, diving.Frames - 1 - t).ShouldBeLessThan(6);
        Difference(0, 0).ShouldBeGreaterThan(6);
    }

    [Fact]
    public void Without_ffmpeg_the_message_says_what_to_install()
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", "");

            Should.Throw<DataException>(() => Ffmpeg.Decode("x.avi", Small, Stream.Null)).Message.ShouldContain("apt-get install ffmpeg");
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Fact]
    public void A_video_without_a_frame_is_named()
    {
        using var folder = new TemporaryFolder();
        Ffmpeg.Encode(new VideoInMemory(new FrameSize(16, 16, 3), new byte[16 * 16 * 3]), folder.Path, ["-c:v", "mpeg4", "one.avi", "-c:v", "mpeg4", "-t", "0", "none.avi"]);

        new ClipOnDisk(folder["one.avi"], [0], Small).Read().Frames.ShouldBe(1);
        Should.Throw<DataException>(() => new ClipOnDisk(folder["none.avi"], [0], Small).Read()).Message.ShouldBe($"'{folder["none.avi"]}' does not decode: it holds no frame.");
    }

    [Fact]
    public void A_jpg_frame_that_is_cut_off_is_named()
    {
        using var folder = new TemporaryFolder();
        var frames = Directory.GetFiles(synthesized.Clip("Diving-Side", "003"), "*.jpg").Order(StringComparer.Ordinal).ToList();
        foreach (var frame in frames)
            File.Copy(frame, folder[Path.GetFileName(frame)]);
        var clip = new ClipOnDisk(folder.Path, [0], Small);
        clip.Read().Frames.ShouldBe(frames.Count);

        var cut = folder[Path.GetFileName(frames[3])];
        using (var stream = File.OpenWrite(cut))
            stream.SetLength(stream.Length * 2 / 3);

        Should.Throw<DataException>(() => clip.Read()).Message.ShouldContain(cut);
    }

    [Fact]
    public void Equal_seeds_write_equal_files()
    {
        using var folder = new TemporaryFolder();
        new UcfSportsSynthesizer().Write(folder.Path, clipsPerClass: 2, seed: 1, CancellationToken.None);

        foreach (var file in (string[])["2001-1 (1).avi", "2001-1 (1)_001.jpg"])
        {
            File.ReadAllBytes(folder[UcfSportsFolders.Top, "Run-Side", "001", file])
                .ShouldBe(File.ReadAllBytes(Path.Combine(synthesized.Clip("Run-Side", "001"), file)));
        }
    }

    [Fact]
    public void Bad_data_is_named()
    {
        using var folder = new TemporaryFolder();
        string Refusal() => Should.Throw<DataException>(() =>
        {
            foreach (var clip in new DataRequest("ucf-sports", folder.Path).Read(Small, Evaluation.Test).Training)
                clip.Read();
        }).Message;

        Refusal().ShouldContain(folder.Path);
        Directory.CreateDirectory(folder["Lifting"]);
        Refusal().ShouldContain("no clip");
        foreach (var number in (string[])["001", "002"])
            Directory.CreateDirectory(folder["Lifting", number]);
        Refusal().ShouldContain("at least two classes");
        Directory.CreateDirectory(folder["Walk-Front", "001"]);
        Refusal().ShouldContain("too few clips of Walk");
        Directory.CreateDirectory(folder["Walk-Front", "002"]);
        Refusal().ShouldContain(folder["Lifting", "001"]);
        File.WriteAllText(folder["Lifting", "001", "x.avi"], "");
        Refusal().ShouldContain("x.avi");
        File.WriteAllText(folder["Lifting", "001", "x.avi"], "this is no video");
        Refusal().Split("x.avi").Length.ShouldBe(2); // Named once.
        File.Delete(folder["Lifting", "001", "x.avi"]);
        File.WriteAllText(folder["Lifting", "001", "x.jpg"], "this is no picture");
        Refusal().ShouldContain(folder["Lifting", "001"]);
    }

    private static void MakeAllClips(TemporaryFolder folder)
    {
        foreach (var (name, _, clips, _) in UcfSportsFolders.All)
        {
            for (var number = 1; number <= clips; number++)
                Directory.CreateDirectory(folder[name, UcfSportsFolders.Number(number)]);
        }
    }
}
