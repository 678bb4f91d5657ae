using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using RankPool.Descriptors;
using RankPool.Networks;

namespace RankPool.Tests;

public sealed class PoolCommandTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public PoolCommandTests() => Directory.CreateDirectory(folder["in"]);

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, byte[]> Matrices
    {
        get
        {
            // [[1, 2], [3, 4.5], [−6, 0.25]], or [[1, 2], [3, 4], [5, 6]] in whole numbers.
            double[] rows = [1, 2, 3, 4.5, -6, 0.25], columns = [1, 3, -6, 2, 4.5, 0.25];
            byte[] Encode<T>(IEnumerable<double> values, Func<double, T> convert, Func<T, byte[]> bytes, bool reversed = false) =>
                [.. values.SelectMany(value => reversed ? bytes(convert(value)).AsEnumerable().Reverse() : bytes(convert(value)))];
            var doubles = Encode(rows, value => value, BitConverter.GetBytes);
            return new()
            {
                { "a.npy", NpyFile.Bytes("<f8", "(3, 2)", doubles) },
                { "a.npy", NpyFile.Bytes("<f8", "(3, 2)", doubles, version: 2) },
                { "a.npy", NpyFile.Bytes("<f8", "(3, 2)", doubles, version: 3) },
                { "a.npy", NpyFile.Bytes("<f8", "(3, 2)", Encode(columns, value => value, BitConverter.GetBytes), fortran: true) },
                { "a.npy", NpyFile.Bytes(">f8", "(3, 2)", Encode(rows, value => value, BitConverter.GetBytes, reversed: true)) },
                { "a.npy", NpyFile.Bytes("<f4", "(3, 2)", Encode(rows, value => (float)value, BitConverter.GetBytes)) },
                { "a.npy", NpyFile.Bytes(">f4", "(3, 2)", Encode(columns, value => (float)value, BitConverter.GetBytes, reversed: true), fortran: true) },
                { "a.npy", NpyFile.Bytes("<f2", "(3, 2)", Encode(rows, value => (Half)value, BitConverter.GetBytes)) },
                { "A.CSV", Encoding.UTF8.GetBytes("1,2\n3, 4.5\r\n\n-6,2.5e-1\n") },
                { "a.npz", Zip(("x.npy", NpyFile.Bytes("<f8", "(3, 2)", doubles))) },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Matrices))]
    public void Every_kind_of_file_is_read(string name, byte[] content)
    {
        File.WriteAllBytes(folder["in", name], content);

        Pool("--pooling", "average", "--dtype", "float64").ExitCode.ShouldBe(0);

        NpyFile.Read(folder["out", "descriptors.npy"]).ShouldHaveSingleItem().ShouldBe([-2.0 / 3, 2.25], 1e-12);
        File.ReadAllText(folder["out", "names.txt"]).ShouldBe(name == "a.npz" ? "a.npz/x\n" : name + "\n");
        File.ReadAllText(folder["out", "skipped.csv"]).ShouldBe("name,reason\n");
    }

    [Theory]
    [InlineData("|u1", 1)]
    [InlineData("|i1", 1)]
    [InlineData("<u2", 2)]
    [InlineData("<i2", 2)]
    [InlineData("<u4", 4)]
    [InlineData("<i4", 4)]
    [InlineData("<u8", 8)]
    [InlineData("<i8", 8)]
    public void Whole_numbers_are_converted(string type, int size)
    {
        File.WriteAllBytes(folder["in", "a.npy"], NpyFile.Bytes(type, "(2, 2)", [.. new long[] { 1, 2, 3, 6 }.SelectMany(value => BitConverter.GetBytes(value)[..size])]));

        Pool("--pooling", "average").ExitCode.ShouldBe(0);

        NpyFile.Read(folder["out", "descriptors.npy"]).ShouldHaveSingleItem().ShouldBe([2, 4]);
    }

    [Fact]
    public void Rows_are_in_the_order_of_the_names_and_lengths_may_differ()
    {
        Directory.CreateDirectory(folder["in", "b"]);
        Directory.CreateDirectory(folder["in", "B"]);
        Write("b/two.npy", [1], [3]);
        Write("B/five.npy", [1], [2], [3], [4], [5]);
        Write("one.npy", [7]);
        File.WriteAllBytes(folder["in", "many.npz"], Zip(("y.npy", NpyFile.Of([[10], [20]])), ("x.npy", NpyFile.Of([[0]]))));
        File.WriteAllText(folder["in", "notes.txt"], "not a sequence");

        Pool("--pooling", "average", "--files-per-block", "2", "--jobs", "3").ExitCode.ShouldBe(0);

        File.ReadAllLines(folder["out", "names.txt"]).ShouldBe(["B/five.npy", "b/two.npy", "many.npz/y", "many.npz/x", "one.npy"]);
        NpyFile.Read(folder["out", "descriptors.npy"]).Select(row => row.ShouldHaveSingleItem()).ShouldBe([3, 2, 15, 0, 7]);
        Directory.GetFileSystemEntries(folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(["descriptors.npy", "names.txt", "settings.json", "skipped.csv"]);
    }

    [Fact]
    public void A_list_says_which_files_and_in_which_order()
    {
        Write("a.npy", [1]);
        Write("b.npy", [2]);
        Write("c.npy", [3]);
        File.WriteAllText(folder["list.txt"], "c.npy\na.npy\n");

        Pool("--pooling", "max", "--list", folder["list.txt"]).ExitCode.ShouldBe(0);

        File.ReadAllLines(folder["out", "names.txt"]).ShouldBe(["c.npy", "a.npy"]);
        NpyFile.Read(folder["out", "descriptors.npy"]).Select(row => row[0]).ShouldBe([3, 1]);
    }

    [Fact]
    public void Little_memory_gives_the_same_descriptors()
    {
        WriteMany(6, frames: 12, features: 40_000);
        Pool("--pooling", "approximate-rank", "--dtype", "float64").ExitCode.ShouldBe(0);

        PoolTo("small", "--pooling", "approximate-rank", "--dtype", "float64", "--memory", "64", "--jobs", "2").ExitCode.ShouldBe(0);

        var (small, large) = (NpyFile.Read(folder["small", "descriptors.npy"]), NpyFile.Read(folder["out", "descriptors.npy"]));
        small.Zip(large, (a, b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max()).Max().ShouldBeLessThan(1e-12);
        large.Max(row => row.Max()).ShouldBeGreaterThan(1);
    }

    /// <summary>A pipe that nobody writes to stands for the file at which the machine goes down.</summary>
    [Fact]
    public void A_killed_run_loses_no_finished_block_and_goes_on_to_the_same_result()
    {
        WriteMany(9, frames: 6, features: 5);
        File.Move(folder["in", "s08.npy"], folder["s08.npy"]);
        Run("mkfifo", folder["in", "s08.npy"]).WaitForExit();
        string[] arguments = ["--preset", "videodarwin", "--files-per-block", "2"];
        using var process = Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "rankpool.dll"), .. Arguments("out", [.. arguments, "--jobs", "1"])]);
        var finished = Enumerable.Range(0, 4).Select(block => folder["out", "blocks", $"block-0000000{block}.npy"]).ToArray();
        while (!finished.All(File.Exists))
        {
            process.HasExited.ShouldBeFalse();
            Thread.Sleep(50);
        }
        process.Kill();
        process.WaitForExit();
        File.Delete(folder["in", "s08.npy"]);
        File.Move(folder["s08.npy"], folder["in", "s08.npy"]);
        File.Exists(folder["out", "descriptors.npy"]).ShouldBeFalse();
        // A finished block that is not computed again keeps what stands in it.
        var block = File.ReadAllBytes(finished[1]);
        block[^1] ^= 1;
        File.WriteAllBytes(finished[1], block);

        var resumed = Pool(arguments);

        resumed.ExitCode.ShouldBe(0);
        resumed.Output.ShouldContain("8 of 9 files were done by an earlier run");
        PoolTo("whole", arguments).ExitCode.ShouldBe(0);
        var (expected, actual) = (File.ReadAllBytes(folder["whole", "descriptors.npy"]), File.ReadAllBytes(folder["out", "descriptors.npy"]));
        expected.Length.ShouldBe(actual.Length);
        expected.Zip(actual).Count(pair => pair.First != pair.Second).ShouldBe(1);
    }

    /// <summary>One file may hold more sequences than memory: their descriptors are written while it is read.</summary>
    [Fact]
    public void Descriptors_are_written_while_a_packed_file_is_read()
    {
        var random = new Random(1);
        double[][] Frames() => [.. Enumerable.Range(0, 5).Select(_ => Enumerable.Range(0, 4).Select(_ => random.NextDouble()).ToArray())];
        File.WriteAllBytes(folder["in", "a.npz"], Zip([.. Enumerable.Range(0, 50).Select(i => ($"{i:00}.npy", NpyFile.Of(Frames())))]));
        using var pooling = new RankPool.Pooling.AveragePooling();
        var (rows, told) = (0, new List<(int Rows, int Count)>());

        var pooler = new BlockPooler(pooling, folder["in"], TorchSharp.torch.ScalarType.Float64, (frames, features) => frames * features, budget: 25_000, keepGoing: false);
        pooler.TakeFeatures(["a.npz"]);
        var block = pooler.Pool(["a.npz"], _ => rows++, count => told.Add((rows, count)), CancellationToken.None);

        (block.Names.Count, rows).ShouldBe((50, 50));
        told.Count.ShouldBeInRange(4, 8);
        told.Sum(one => one.Count).ShouldBe(50);
        told[0].Rows.ShouldBe(told[0].Count);
    }

    /// <summary>A ranking of pairs holds T² numbers a sequence, which long sequences of few features must not multiply.</summary>
    [Fact]
    public void Batches_are_bounded_by_what_the_pooling_holds()
    {
        new PoolingChoice(PoolingChoice.Rank, PoolingChoice.Exact).NumbersInUse(1000, 8).ShouldBe(8000);
        new PoolingChoice(PoolingChoice.PairwiseRank, PoolingChoice.Exact).NumbersInUse(1000, 8).ShouldBe(4_000_000);
        new PoolingChoice(PoolingChoice.PairwiseRank, PoolingChoice.Exact).NumbersInUse(100, 1000).ShouldBe(100_000);
        // (T, T, D) differences of frames where there are fewer features than frames.
        new PoolingChoice(PoolingChoice.PairwiseRank, PoolingChoice.Exact).NumbersInUse(1000, 64).ShouldBe(32_000_000);
        WriteMany(6, frames: 30, features: 3);
        using var pooling = new RankPool.Pooling.AveragePooling();
        var calls = 0;

        string[] files = [.. Enumerable.Range(0, 6).Select(i => $"s{i:00}.npy")];
        var pooler = new BlockPooler(pooling, folder["in"], TorchSharp.torch.ScalarType.Float64, (frames, _) => frames * frames, budget: 2 * (30 * 30 * 8 + 2048), keepGoing: false);
        pooler.TakeFeatures(files);
        pooler.Pool(files, _ => { }, _ => calls++, CancellationToken.None);

        calls.ShouldBe(3);
    }

    /// <summary>Shards and threads must not choose different numbers of features.</summary>
    [Fact]
    public void The_first_sequence_decides_the_number_of_features_for_every_shard()
    {
        foreach (var (name, features) in ((string, int)[])[("a", 2), ("b", 3), ("c", 2), ("d", 2)])
            Write(name + ".npy", [.. Enumerable.Range(0, 3).Select(t => Enumerable.Repeat(t + 1.0, features).ToArray())]);

        var second = Pool("--files-per-block", "1", "--shard", "2/2", "--keep-going");

        second.ExitCode.ShouldBe(0, second.Error);
        Pool("--files-per-block", "1", "--shard", "1/2", "--keep-going").ExitCode.ShouldBe(0);
        CommandRun.Of("merge", "--in", folder["out"], "--out", folder["merged"]).ExitCode.ShouldBe(0);
        File.ReadAllLines(folder["merged", "names.txt"]).ShouldBe(["a.npy", "c.npy", "d.npy"]);
        File.ReadAllText(folder["merged", "skipped.csv"]).ShouldContain("has 3 features a frame, and 'a.npy' has 2");
    }

    [Fact]
    public void A_finished_run_is_left_alone()
    {
        Write("a.npy", [1], [2]);
        Pool().ExitCode.ShouldBe(0);
        var before = File.ReadAllBytes(folder["out", "descriptors.npy"]);

        Pool().Output.ShouldContain("Nothing to do");

        File.ReadAllBytes(folder["out", "descriptors.npy"]).ShouldBe(before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Shards_merge_to_what_one_run_writes(bool shared)
    {
        WriteMany(11, frames: 5, features: 3);
        File.WriteAllBytes(folder["in", "s03.npy"], []);
        string[] settings = ["--pyramid", "2", "--files-per-block", "2", "--keep-going"];
        string Place(int shard) => shared ? "shards" : $"shard{shard}";
        PoolTo("whole", settings).ExitCode.ShouldBe(0);
        for (var shard = 1; shard <= 2; shard++)
            PoolTo(Place(shard), [.. settings, "--shard", $"{shard}/3"]).ExitCode.ShouldBe(0);
        string[] merge = ["merge", "--in", .. Enumerable.Range(1, 3).Select(shard => folder[Place(shard)]).Distinct(), "--out", folder["merged"]];
        PoolTo(Place(3), [.. settings, "--shard", "3/3", "--list", folder["nowhere"]]).ExitCode.ShouldBe(1);

        var early = CommandRun.Of(merge);
        early.ExitCode.ShouldBe(1);
        early.Error.ShouldContain("Shard 3/3 has not finished");
        File.Exists(folder["merged", "descriptors.npy"]).ShouldBeFalse();

        PoolTo(Place(3), [.. settings, "--shard", "3/3"]).ExitCode.ShouldBe(0);
        CommandRun.Of(merge).ExitCode.ShouldBe(0);
        foreach (var file in (string[])["descriptors.npy", "names.txt", "skipped.csv"])
            File.ReadAllBytes(folder["merged", file]).ShouldBe(File.ReadAllBytes(folder["whole", file]));
        File.ReadAllLines(folder["merged", "names.txt"]).Length.ShouldBe(10);
    }

    [Fact]
    public void What_does_not_belong_together_is_not_merged()
    {
        WriteMany(2, frames: 3, features: 2);
        PoolTo("a", "--shard", "1/2").ExitCode.ShouldBe(0);
        PoolTo("b", "--shard", "2/2", "--C", "3").ExitCode.ShouldBe(0);
        Directory.CreateDirectory(folder["c"]);

        CommandRun.Of("merge", "--in", folder["a"], folder["b"], "--out", folder["d"]).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain("other settings"));
        CommandRun.Of("merge", "--in", folder["c"], "--out", folder["d"]).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain(folder["c"]));
    }

    [Fact]
    public void Work_does_not_go_on_with_other_settings_or_other_files()
    {
        WriteMany(4, frames: 3, features: 2);
        PoolTo("out", "--shard", "1/2", "--files-per-block", "1").ExitCode.ShouldBe(0);

        var settings = PoolTo("out", "--shard", "1/2", "--files-per-block", "1", "--C", "3");
        settings.ExitCode.ShouldBe(2);
        settings.Error.ShouldContain("other settings");

        File.Delete(folder["in", "s00.npy"]);
        var files = PoolTo("out", "--shard", "1/2", "--files-per-block", "1");
        files.ExitCode.ShouldBe(1);
        files.Error.ShouldContain("have changed");
    }

    [Fact]
    public void An_interruption_is_not_an_error()
    {
        WriteMany(4, frames: 3, features: 2);
        using var interrupted = new CancellationTokenSource();
        interrupted.Cancel();

        CommandRun.Of(interrupted.Token, Arguments("out", [])).ExitCode.ShouldBe(130);

        Pool().ExitCode.ShouldBe(0);
    }

    private CommandRun Pool(params string[] options) => PoolTo("out", options);

    private CommandRun PoolTo(string target, params string[] options) => CommandRun.Of(Arguments(target, options));

    private string[] Arguments(string target, string[] options) => ["pool", "--in", folder["in"], "--out", folder[target], .. options];

    private void Write(string name, params double[][] frames) => File.WriteAllBytes(folder["in", name], NpyFile.Of(frames));

    private void WriteMany(int count, int frames, int features)
    {
        var random = new Random(count);
        for (var i = 0; i < count; i++)
            Write($"s{i:00}.npy", [.. Enumerable.Range(0, frames - i % 3).Select(_ => Enumerable.Range(0, features).Select(_ => random.NextDouble()).ToArray())]);
    }

    private static Process Run(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return stream.ToArray();
    }
}
