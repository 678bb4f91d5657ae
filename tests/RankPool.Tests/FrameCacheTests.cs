using RankPool.Data;
using RankPool.Data.Decoding;

namespace RankPool.Tests;

public class FrameCacheTests
{
    private static readonly FrameSize OnePixel = new(1, 1, 1);

    [Fact]
    public void Every_clip_is_decoded_once_and_a_temporary_folder_goes_at_the_end()
    {
        var (training, evaluation) = (new CountedClip("a", [1, 2, 3]), new CountedClip("b", [4]));
        string folder;
        using (var cache = new FrameCache(null, 1000))
        {
            var data = cache.Of(Data([training], evaluation));
            for (var epoch = 0; epoch < 3; epoch++)
            {
                Pixels(data.Training[0]).ShouldBe([1, 2, 3]);
                Pixels(data.Evaluation[0]).ShouldBe([4]);
            }
            (data.Training[0].Name, data.Evaluation[0].Label).ShouldBe(("a", 0));
            folder = cache.Folder;
            Directory.GetFiles(folder, "*.frames").Length.ShouldBe(2);
        }
        (training.Decoded, evaluation.Decoded).ShouldBe((1, 1));
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public void What_does_not_fit_is_decoded_each_time_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var (fits, large) = (new CountedClip("a", [1, 2]), new CountedClip("b", [3, 4, 5, 6]));
        using var cache = new FrameCache(folder.Path, 5);
        var data = cache.Of(Data([fits], large));

        for (var epoch = 0; epoch < 2; epoch++)
        {
            Pixels(data.Training[0]).ShouldBe([1, 2]);
            Pixels(data.Evaluation[0]).ShouldBe([3, 4, 5, 6]);
        }

        (fits.Decoded, large.Decoded).ShouldBe((1, 2));
        Directory.GetFiles(folder.Path).Sum(file => new FileInfo(file).Length).ShouldBe(2);
    }

    [Fact]
    public void A_named_folder_serves_later_runs_until_its_files_make_room()
    {
        using var folder = new TemporaryFolder();
        var first = new CountedClip("a", [1, 2, 3]);
        for (var run = 0; run < 2; run++)
        {
            using var cache = new FrameCache(folder.Path, 4);
            Pixels(cache.Of(Data([first], first)).Training[0]);
        }
        first.Decoded.ShouldBe(1);

        var second = new CountedClip("b", [4, 5]);
        using (var cache = new FrameCache(folder.Path, 4))
            Pixels(cache.Of(Data([second], second)).Training[0]).ShouldBe([4, 5]);
        Directory.GetFiles(folder.Path).Length.ShouldBe(1);
        using (var cache = new FrameCache(folder.Path, 4))
            Pixels(cache.Of(Data([second with { Text = "changed" }], second)).Training[0]);
        second.Decoded.ShouldBe(1);
    }

    [Fact]
    public void What_a_killed_process_has_left_goes_after_a_day()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, days) in ((string, int)[])[("old.unfinished", 2), ("new.unfinished", 0), ("old.frames", 2)])
        {
            File.WriteAllText(folder[name], "x");
            File.SetLastWriteTimeUtc(folder[name], DateTime.UtcNow.AddDays(-days));
        }

        using var cache = new FrameCache(folder.Path, 100);

        Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order().ShouldBe(["new.unfinished", "old.frames"]);
    }

    [Fact]
    public void Temporary_folders_of_killed_processes_go_and_those_in_use_stay()
    {
        DirectoryInfo[] folders = [Directory.CreateTempSubdirectory("rankpool-frames-"), Directory.CreateTempSubdirectory("rankpool-frames-"), Directory.CreateTempSubdirectory("rankpool-frames-")];
        try
        {
            foreach (var (i, other) in folders.Index())
            {
                File.WriteAllText(Path.Combine(other.FullName, "a.frames"), "x");
                File.WriteAllText(Path.Combine(other.FullName, "in-use"), "");
                File.SetLastWriteTimeUtc(Path.Combine(other.FullName, "in-use"), DateTime.UtcNow.AddMinutes(i == 2 ? 0 : -5));
            }
            using (new FileStream(Path.Combine(folders[1].FullName, "in-use"), FileMode.Open, FileAccess.Read, FileShare.None))
            {
                using var cache = new FrameCache(null, 100);
                folders.Select(other => Directory.Exists(other.FullName)).ShouldBe([false, true, true]);
                Directory.Exists(cache.Folder).ShouldBeTrue();
            }
        }
        finally
        {
            foreach (var other in folders.Where(other => Directory.Exists(other.FullName)))
                other.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_clip_that_does_not_decode_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var cache = new FrameCache(folder.Path, 100);
        var data = cache.Of(Data([new BrokenClip()], new CountedClip("b", [1])));

        Should.Throw<DataException>(() => data.Training[0].Read()).Message.ShouldBe("'x' is broken.");
        Directory.GetFileSystemEntries(folder.Path).ShouldBeEmpty();
        File.WriteAllText(folder["file"], "");
        Should.Throw<DataException>(() => new FrameCache(folder["file"], 100)).Message.ShouldContain(folder["file"]);
    }

    [Fact]
    public void Clips_are_read_in_order_several_at_once_and_broken_ones_are_left_out_where_that_is_asked_for()
    {
        var clips = Enumerable.Range(0, 30).Select(i => (Clip)(i % 7 == 3 ? new BrokenClip() : new CountedClip($"{i}", [(byte)i]))).ToList();
        var data = Data(clips, clips[0]);

        Should.Throw<DataException>(() => ReadAhead.Read(data, clips, CancellationToken.None).Count());
        data = data with { Skipped = new SkippedFiles() };
        var read = ReadAhead.Read(data, clips, CancellationToken.None).Select(entry => (int)entry.Video.AllPixels()[0]).ToList();

        read.ShouldBe(Enumerable.Range(0, 30).Where(i => i % 7 != 3));
        data.Skipped.List.ShouldBe([new SkippedFile("x", "'x' is broken.")]);
    }

    private static byte[] Pixels(Clip clip)
    {
        using var video = clip.Read();
        return video.AllPixels();
    }

    private static VideoDataSet Data(IReadOnlyList<Clip> training, Clip evaluation) => new()
    {
        Name = "test", Classes = ["first", "second"], FrameSize = OnePixel, Training = training, Evaluation = [evaluation], Split = "one each", OnDisk = true,
    };

    private sealed record CountedClip(string Name, byte[] Pixels) : EncodedClip(Name, [0], OnePixel)
    {
        public string Text { get; init; } = "";

        public int Decoded { get; private set; }

        public override string Version => Name + Text;

        public override void Decode(Stream frames)
        {
            Decoded++;
            frames.Write(Pixels);
        }
    }

    private sealed record BrokenClip() : EncodedClip("x", [0], OnePixel)
    {
        public override string Version => "x";

        public override void Decode(Stream frames)
        {
            frames.WriteByte(1);
            throw new DataException("'x' is broken.");
        }
    }
}
