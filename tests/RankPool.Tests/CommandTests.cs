using System.Text.Json;
using System.Xml.Linq;
using RankPool.Commands;
using RankPool.Networks;

namespace RankPool.Tests;

public class CommandTests
{
    [Theory]
    [InlineData("", "--help")]
    [InlineData("bogus", "'bogus'")]
    [InlineData("compare bogus", "'bogus'")]
    [InlineData("compare --bogus 1", "'--bogus'")]
    [InlineData("compare --epochs", "--epochs")]
    [InlineData("compare --epochs 1.5", "whole number")]
    [InlineData("compare --epochs 0", "whole number from 1")]
    [InlineData("compare --seed -1", "--seed is '-1'")]
    [InlineData("compare --learning-rate 0", "above 0")]
    [InlineData("compare --learning-rate NaN", "above 0")]
    [InlineData("compare --C -1", "above 0")]
    [InlineData("compare --epsilon -0.1", "from 0 on")]
    [InlineData("compare --data hollywood", "reversible, ucf-sports, hollywood2, hmdb51, ucf101 or folders")]
    [InlineData("compare --data ucf-sports", "--root")]
    [InlineData("compare --data ucf-sports --root x --scenes 3", "--scenes")]
    [InlineData("compare --root x", "--data ucf-sports")]
    [InlineData("compare --frame-side 16", "--data ucf-sports")]
    [InlineData("compare --data ucf-sports --root x --split 2", "--split belongs to hmdb51")]
    [InlineData("compare --data hmdb51 --root x --split 4", "from 1 to 3")]
    [InlineData("compare --keep-going", "data on disk")]
    [InlineData("compare --net caffenet", "--net caffenet needs frames in colour")]
    [InlineData("compare --data folders --root x --net resnet18 --frame-side 16", "at least 32")]
    [InlineData("compare --data folders --root x --net alexnet --features 16", "--net tiny")]
    [InlineData("data", "rankpool data --help")]
    [InlineData("data check --data", "rankpool data check --help")]
    [InlineData("data check --data folders", "--root")]
    [InlineData("reproduce", "rankpool reproduce --help")]
    [InlineData("reproduce ucf-sports", "ucf-sports needs --root")]
    [InlineData("reproduce hollywood2 --root x --preset fast", "paper or smoke")]
    [InlineData("reproduce hollywood2 --root x --split 2", "--split belongs")]
    [InlineData("reproduce ucf-sports --root x --seeds 0", "from 1 to 100")]
    [InlineData("svm", "--features")]
    [InlineData("extract", "--root")]
    [InlineData("train --optimizer lbfgs", "adam or sgd")]
    [InlineData("train --momentum 0.5", "--optimizer sgd")]
    [InlineData("train --optimizer sgd --momentum 1", "below 1")]
    [InlineData("train --loss squared", "cross-entropy or hinge")]
    [InlineData("train --frame-level --pooling max", "without a pooling")]
    [InlineData("train --pooling sum", "average, max, approximate-rank, rank or pairwise-rank")]
    [InlineData("train --pooling max --hessian exact", "--pooling rank")]
    [InlineData("train --hessian half", "exact or diagonal")]
    [InlineData("train --preprocess l2,l2", "each once")]
    [InlineData("train --preprocess root", "signed-root")]
    [InlineData("train --pyramid 0", "from 1 to 10")]
    [InlineData("train --stride 2", "--window")]
    [InlineData("train --nonlinearity none", "--window")]
    [InlineData("train --window 2 --stride 3", "--stride is 3")]
    [InlineData("train --direction back", "forward or both")]
    [InlineData("pool", "--in")]
    [InlineData("pool --in x", "--out")]
    [InlineData("pool --in x --out x", "lies inside")]
    [InlineData("pool --in x --out x/y", "lies inside")]
    [InlineData("pool --in x --out y --shard 0/3", "3/16")]
    [InlineData("pool --in x --out y --shard 4/3", "3/16")]
    [InlineData("pool --in x --out y --shard 2", "3/16")]
    [InlineData("pool --in x --out y --preset videodarwin --C 3", "--preset videodarwin")]
    [InlineData("pool --in x --out y --preset videodarwin --direction both", "--preset videodarwin")]
    [InlineData("pool --in x --out y --preset dynamic", "none or videodarwin")]
    [InlineData("pool --in x --out y --dtype float16", "float32 or float64")]
    [InlineData("pool --in x --out y --memory 1", "from 64")]
    [InlineData("pool --in x --out y --pooling max --hessian exact", "--pooling rank")]
    [InlineData("merge", "--in")]
    [InlineData("merge --in x", "--out")]
    [InlineData("synthesize", "--out")]
    [InlineData("synthesize --layout x --out y", "ucf-sports")]
    [InlineData("synthesize --out y --videos-per-class 1", "from 2 to 999")]
    public void Bad_usage_is_one_sentence_and_exit_code_2(string arguments, string hint)
    {
        var run = CommandRun.Of(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.TrimEnd().ShouldNotContain("\n");
        run.Error.ShouldContain(hint);
    }

    [Fact]
    public void Memory_that_ran_out_is_answered_with_the_options_of_the_command()
    {
        OutOfMemory.Advice(TrainCommand.Create(TextWriter.Null, TextWriter.Null, default)).ShouldBe("Memory ran out: lower --frames-per-chunk or --frame-side or --batch-size.");
        OutOfMemory.Advice(PoolCommand.Create(TextWriter.Null, TextWriter.Null, default)).ShouldBe("Memory ran out: lower --memory or --jobs.");
        OutOfMemory.Advice(SvmCommand.Create(TextWriter.Null, default)).ShouldBe("Memory ran out.");
    }

    [SkippableFact]
    public void Cuda_without_cuda_is_bad_usage()
    {
        Skip.If(TorchSharp.torch.cuda.is_available(), "This machine has CUDA.");

        var run = CommandRun.Of("compare", "--device", "cuda");

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--device");
    }

    [Fact]
    public void Bad_data_is_one_sentence_that_names_it_and_exit_code_1()
    {
        using var folder = new TemporaryFolder();
        var missing = CommandRun.Of("compare", "--data", "ucf-sports", "--root", folder["nowhere"]);
        missing.ExitCode.ShouldBe(1);
        missing.Error.ShouldContain(folder["nowhere"]);
        missing.Error.TrimEnd().ShouldNotContain("\n");

        File.WriteAllText(folder["file"], "");
        var unwritable = CommandRun.Of("compare", "--scenes", "2", "--epochs", "1", "--out", folder["file", "in"]);
        unwritable.ExitCode.ShouldBe(1);
        unwritable.Error.ShouldContain(folder["file", "in"]);
    }

    [Fact]
    public void Synthesize_never_writes_into_clips_that_are_there()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["ucf action"]);

        CommandRun.Of("synthesize", "--out", folder.Path).ExitCode.ShouldBe(2);
    }

    [Theory]
    [InlineData("--help", "compare", "train", "synthesize")]
    [InlineData("compare --help", "--data", "--seed", "--device", "--json")]
    [InlineData("train --help", "--pooling", "--hessian", "--epochs", "--out")]
    [InlineData("pool --help", "--preset", "--shard", "--keep-going", "--pyramid", "--jobs", "--memory")]
    [InlineData("merge --help", "--in", "--out")]
    [InlineData("sensitivity --help", "--preset", "--sequences", "--scenes", "--out")]
    [InlineData("synthesize --help", "--layout", "--videos-per-class", "--out", "--seed")]
    public void Help_tells_the_options(string arguments, params string[] expected)
    {
        var run = CommandRun.Of(arguments.Split(' '));

        run.ExitCode.ShouldBe(0);
        foreach (var word in expected)
            run.Output.ShouldContain(word);
    }

    [Theory]
    [InlineData("en-US")]
    [InlineData("de-DE")]
    public void Compare_trains_every_pooling_and_writes_what_came_of_it(string culture)
    {
        using var _ = new Culture(culture);
        using var folder = new TemporaryFolder();

        var run = CommandRun.Of("compare", "--scenes", "2", "--epochs", "2", "--features", "8", "--out", folder.Path);

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("Accuracy");
        run.Output.ShouldContain("at most 50.0 %");
        using var results = JsonDocument.Parse(File.ReadAllText(folder["results.json"]));
        CheckResults(results.RootElement, PoolingChoice.All, epochs: 2, chance: 0.1);
        using var settings = JsonDocument.Parse(File.ReadAllText(folder["settings.json"]));
        settings.RootElement.GetProperty("training").GetProperty("learningRate").GetDouble().ShouldBe(0.004);
        var picture = XDocument.Load(folder["learning-curves.svg"]);
        var texts = picture.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value).ToList();
        texts.ShouldContain("epoch");
        foreach (var choice in PoolingChoice.All)
            texts.ShouldContain(choice.ToString());
        picture.Descendants().Count(element => element.Name.LocalName == "polyline").ShouldBe(2 * PoolingChoice.All.Count);
        picture.ToString().ShouldNotContain(",5\"");
        Directory.GetFiles(folder.Path).Length.ShouldBe(3);
    }

    [Fact]
    public void Json_goes_to_standard_output_alone()
    {
        using var folder = new TemporaryFolder();

        var run = CommandRun.Of(
            "train", "--pooling", "approximate-rank", "--scenes", "2", "--epochs", "1", "--features", "8", "--out", folder.Path, "--json");

        run.ExitCode.ShouldBe(0);
        using var results = JsonDocument.Parse(run.Output);
        CheckResults(results.RootElement, [new(PoolingChoice.ApproximateRank)], epochs: 1, chance: 0.1);
        run.Error.ShouldContain("epoch 1/1");
    }

    [Fact]
    public void Train_takes_a_pooling_that_is_put_together()
    {
        using var folder = new TemporaryFolder();

        var run = CommandRun.Of(
            "train", "--pooling", "pairwise-rank", "--preprocess", "time-varying-mean,posneg-root,l2", "--pyramid", "2", "--window", "4", "--stride", "2",
            "--nonlinearity", "none", "--direction", "both", "--scenes", "2", "--epochs", "1", "--features", "8", "--out", folder.Path);

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("pairwise-rank (exact, time-varying-mean, posneg-root, l2, pyramid of 2, windows of 4/2, both directions): epoch 1/1");
    }

    [Fact]
    public void An_interruption_keeps_what_is_finished()
    {
        using var folder = new TemporaryFolder();
        using var interrupted = new CancellationTokenSource();
        interrupted.Cancel();
        File.WriteAllText(folder["results.json"], "of an earlier run");

        var run = CommandRun.Of(interrupted.Token, "compare", "--scenes", "2", "--epochs", "1", "--out", folder.Path);

        run.ExitCode.ShouldBe(130);
        run.Error.ShouldContain("Interrupted");
        File.Exists(folder["settings.json"]).ShouldBeTrue();
        File.Exists(folder["results.json"]).ShouldBeFalse();
    }

    [Fact]
    public void Compare_runs_on_video_files()
    {
        using var folder = new TemporaryFolder();
        CommandRun.Of("synthesize", "--layout", "ucf-sports", "--out", folder["videos"], "--videos-per-class", "2", "--seed", "3")
            .Output.ShouldContain("20 clips");
        // Three of the thirteen folders are enough to go through everything, and quick.
        foreach (var name in Directory.GetDirectories(folder["videos", "ucf action"]).Where(name => Path.GetFileName(name) is not ("Diving-Side" or "Lifting" or "Run-Side")))
            Directory.Delete(name, recursive: true);

        var run = CommandRun.Of(
            "compare", "--data", "ucf-sports", "--root", folder["videos"], "--epochs", "1", "--frame-side", "16", "--features", "8",
            "--out", folder["results"]);

        run.Error.ShouldBeEmpty();
        run.ExitCode.ShouldBe(0);
        run.Output.ShouldContain("3 training and 3 test clips");
        using var results = JsonDocument.Parse(File.ReadAllText(folder["results", "results.json"]));
        CheckResults(results.RootElement, PoolingChoice.All, epochs: 1, chance: 1.0 / 3);
    }

    private static void CheckResults(JsonElement results, IReadOnlyList<PoolingChoice> choices, int epochs, double chance)
    {
        results.GetArrayLength().ShouldBe(choices.Count);
        foreach (var (i, entry) in results.EnumerateArray().Index())
        {
            entry.EnumerateObject().Select(property => property.Name).ShouldBe(
                ["pooling", "hessian", "accuracy", "chance", "framesPerSecond", "epochs", "seconds"]);
            entry.GetProperty("pooling").GetString().ShouldBe(choices[i].Pooling);
            entry.GetProperty("hessian").GetString().ShouldBe(choices[i].Hessian);
            entry.GetProperty("accuracy").GetDouble().ShouldBeInRange(0, 1);
            entry.GetProperty("chance").GetDouble().ShouldBe(chance);
            entry.GetProperty("framesPerSecond").GetDouble().ShouldBeGreaterThan(0);
            entry.GetProperty("epochs").GetInt32().ShouldBe(epochs);
            entry.GetProperty("seconds").GetDouble().ShouldBeGreaterThan(0);
        }
    }
}
