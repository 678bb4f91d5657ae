using System.Text;

namespace RankPool.Tests;

public sealed class BadSequenceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public BadSequenceTests() => Directory.CreateDirectory(folder["in"]);

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, byte[], string> Files { get; } = new()
    {
        { "zero.npy", [], "cannot be used" },
        { "zero.npz", [], "cannot be used" },
        { "zero.csv", [], "no frame" },
        { "truncated.npy", NpyFile.Of([[1, 2], [3, 4]])[..^3], "32 bytes of data, and 29 follow" },
        { "head.npy", NpyFile.Of([[1, 2], [3, 4]])[..40], "cannot be used" },
        { "garbage.npy", Encoding.ASCII.GetBytes(new string('x', 500)), "cannot be used" },
        { "garbage.npz", Encoding.ASCII.GetBytes("PK\u0003\u0004" + new string('x', 500)), "cannot be used" },
        { "vector.npy", NpyFile.Bytes("<f8", "(2,)", new byte[16]), "1 dimensions" },
        { "cube.npy", NpyFile.Bytes("<f8", "(1, 1, 2)", new byte[16]), "3 dimensions" },
        { "complex.npy", NpyFile.Bytes("<c16", "(1, 2)", new byte[32]), "real numbers" },
        { "text.npy", NpyFile.Bytes("<U1", "(1, 2)", new byte[8]), "real numbers" },
        { "booleans.npy", NpyFile.Bytes("|b1", "(1, 2)", new byte[2]), "real numbers" },
        { "object.npy", NpyFile.Bytes("|O", "(1, 2)", new byte[20]), "real numbers" },
        { "date.npy", NpyFile.Bytes("<M8[s]", "(1, 2)", new byte[16]), "real numbers" },
        { "record.npy", Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(NpyFile.Bytes("XXXXXXXXXXXX", "(1, 2)", new byte[16])).Replace("'XXXXXXXXXXXX'", "[('a', '<f4')]", StringComparison.Ordinal)), "records" },
        { "version.npy", NpyFile.Bytes("<f8", "(1, 2)", new byte[16], version: 4), "version 4.0" },
        { "header.npy", NpyFile.Bytes("<f8", "(1, -2)", new byte[16]), "cannot be understood" },
        { "none.npy", NpyFile.Bytes("<f8", "(0, 2)", []), "(0, 2)" },
        { "narrow.npy", NpyFile.Bytes("<f8", "(3, 0)", []), "(3, 0)" },
        { "huge.npy", NpyFile.Bytes("<f8", "(1000000000000, 2)", new byte[16]), "ends early" },
        { "nan.npy", NpyFile.Of([[1, double.NaN]]), "finite" },
        { "infinite.csv", Encoding.ASCII.GetBytes("1,2\n3,Infinity\n"), "finite" },
        { "large.npy", NpyFile.Of([[1, 1e300]]), "too large" },
        { "word.csv", Encoding.ASCII.GetBytes("1,2\n\n3,four\n"), "line 3 has 'four'" },
        { "ragged.csv", Encoding.ASCII.GetBytes("1,2\n3,4,5\n"), "line 2 has 3 numbers" },
        { "wide.npy", NpyFile.Of([[1, 2, 3]]), "3 features" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_bad_file_is_named_and_may_be_left_out(string name, byte[] content, string hint)
    {
        File.WriteAllBytes(folder["in", "a.npy"], NpyFile.Of([[1, 2], [3, 5]]));
        File.WriteAllBytes(folder["in", name], content);

        var strict = Pool("strict");
        strict.ExitCode.ShouldBe(1);
        strict.Error.TrimEnd().ShouldNotContain("\n");
        strict.Error.ShouldContain(folder["in", name]);
        strict.Error.ShouldContain(hint);
        strict.Error.ShouldContain("--keep-going");
        strict.Error.ShouldNotContain("   at ");

        var lenient = Pool("lenient", "--keep-going");
        lenient.ExitCode.ShouldBe(0);
        lenient.Error.ShouldContain("1 sequences were left out");
        NpyFile.Read(folder["lenient", "descriptors.npy"]).ShouldHaveSingleItem().ShouldBe([2, 3.5]);
        File.ReadAllText(folder["lenient", "names.txt"]).ShouldBe("a.npy\n");
        var lines = File.ReadAllLines(folder["lenient", "skipped.csv"]);
        lines.Length.ShouldBe(2);
        lines[1].ShouldStartWith($"\"{name}\",");
        lines[1].ShouldContain(hint);
    }

    [Fact]
    public void A_sequence_that_cannot_be_pooled_is_named_among_others_of_its_batch()
    {
        // Three frames, each there twice, at a scale and a C that leave no right digit.
        var random = new Random(1);
        var stiff = Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 8).Select(_ => 1e3 * random.NextDouble()).ToArray()).SelectMany(frame => new[] { frame, frame }).ToArray();
        var easy = Enumerable.Range(0, 6).Select(t => Enumerable.Range(0, 8).Select(d => t == d ? 1.0 : 0).ToArray()).ToArray();
        File.WriteAllBytes(folder["in", "a.npy"], NpyFile.Of(easy));
        File.WriteAllBytes(folder["in", "b.npy"], NpyFile.Of(stiff));
        string[] settings = ["--pooling", "rank", "--C", "1e12", "--dtype", "float64"];

        var strict = Pool("strict", settings);
        strict.ExitCode.ShouldBe(1);
        strict.Error.ShouldContain(folder["in", "b.npy"]);
        strict.Error.ShouldContain("precision is exhausted");

        Pool("lenient", [.. settings, "--keep-going"]).ExitCode.ShouldBe(0);
        File.ReadAllText(folder["lenient", "names.txt"]).ShouldBe("a.npy\n");
    }

    [Fact]
    public void Nothing_to_pool_is_an_error()
    {
        Pool("empty").ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain("no sequences"));
        CommandRun.Of("pool", "--in", folder["nowhere"], "--out", folder["out"]).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain(folder["nowhere"]));
        File.WriteAllBytes(folder["in", "a.npy"], []);
        Pool("bad", "--keep-going").ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain("Not one of 1 sequences"));
    }

    [Fact]
    public void Names_that_are_not_files_are_named()
    {
        File.WriteAllBytes(folder["in", "a.npy"], NpyFile.Of([[1, 2]]));
        File.WriteAllText(folder["list.txt"], "a.npy\nmissing.npy\n");
        Pool("missing", "--list", folder["list.txt"]).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain(folder["in", "missing.npy"]));

        Directory.CreateSymbolicLink(folder["in", "loop"], folder["in"]);
        Pool("loop").ShouldSatisfyAllConditions(run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain("'" + folder["in", "loop"] + "' is a link"));
        Directory.Delete(folder["in", "loop"]);

        File.WriteAllText(folder["file"], "");
        CommandRun.Of("pool", "--in", folder["in"], "--out", folder["file", "in"]).ShouldSatisfyAllConditions(
            run => run.ExitCode.ShouldBe(1), run => run.Error.ShouldContain(folder["file", "in"]));
    }

    private CommandRun Pool(string target, params string[] options) =>
        CommandRun.Of(["pool", "--in", folder["in"], "--out", folder[target], .. options.Contains("--pooling") ? options : ["--pooling", "average", .. options]]);
}
