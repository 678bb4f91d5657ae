using System.Diagnostics;
using System.Text.Json;
using RankPool.Data;
using RankPool.Data.Reversible;
using RankPool.Networks;
using RankPool.Training;
using RankPool.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Tests;

public class ResumeTests
{
    private static readonly TrainingSettings Short = TrainingSettings.Embedded with { Epochs = 3, FeatureCount = 8 };
    private static readonly TrainingSettings ShortSgd = TrainingSettings.Paper with { Epochs = 3, FeatureCount = 8, BatchSize = 3 };

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 5)]
    [InlineData(true, 4)]
    [InlineData(true, 9)]
    public void Training_that_goes_on_from_a_checkpoint_ends_as_if_it_had_never_stopped(bool sgd, int stopAfterSteps)
    {
        using var folder = new TemporaryFolder();
        var settings = sgd ? ShortSgd : Short;
        var (whole, wholeWeights) = Train(settings, null, resume: false, stopAfterSteps: int.MaxValue);
        var checkpoint = new Checkpoint(folder["a.safetensors"], settings);

        Should.Throw<OperationCanceledException>(() => Train(settings, checkpoint, resume: false, stopAfterSteps));
        checkpoint.IsUnfinished(settings.Epochs).ShouldBeTrue();
        var (resumed, weights) = Train(settings, checkpoint, resume: true, int.MaxValue);

        resumed.Epochs.ShouldBe(whole.Epochs);
        weights.ShouldBe(wholeWeights);
        checkpoint.IsUnfinished(settings.Epochs).ShouldBeFalse();
        // Once more there is nothing to do but to judge again.
        var (again, same) = Train(settings, checkpoint, resume: true, int.MaxValue);
        again.Epochs.ShouldBe(whole.Epochs);
        same.ShouldBe(wholeWeights);
        again.Predictions.Select(prediction => prediction.Scores).ShouldBe(whole.Predictions.Select(prediction => prediction.Scores));
    }

    [Fact]
    public void A_checkpoint_of_other_settings_or_another_network_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        Train(Short, new Checkpoint(folder["a.safetensors"], Short), resume: false, int.MaxValue);

        Should.Throw<DataException>(() => Train(Short, new Checkpoint(folder["a.safetensors"], Short with { LearningRate = 0.5 }), resume: true, int.MaxValue))
            .Message.ShouldContain("LearningRate is 0.004 there and 0.5 here");
        Should.Throw<DataException>(() => Train(Short with { FeatureCount = 9 }, new Checkpoint(folder["a.safetensors"], Short), resume: true, int.MaxValue))
            .Message.ShouldContain("another network");
        File.WriteAllText(folder["a.safetensors"], "not a checkpoint");
        Should.Throw<DataException>(() => Train(Short, new Checkpoint(folder["a.safetensors"], Short), resume: true, int.MaxValue)).Message.ShouldContain(folder["a.safetensors"]);
    }

    [Fact]
    public void Resuming_without_a_checkpoint_is_bad_usage()
    {
        using var folder = new TemporaryFolder();

        var run = CommandRun.Of("train", "--scenes", "2", "--resume", "--out", folder["none"]);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("--resume finds no checkpoint");
        Directory.Exists(folder["none"]).ShouldBeFalse();
    }

    [SkippableFact]
    public void A_disk_that_is_full_leaves_the_earlier_checkpoint()
    {
        Skip.IfNot(Directory.Exists("/dev/shm") && File.Exists("/dev/full"), "This machine has no /dev/full.");
        using var folder = new TemporaryFolder();
        var checkpoint = new Checkpoint(folder["a.safetensors"], Short);
        Train(Short, checkpoint, resume: false, int.MaxValue);
        var before = File.ReadAllBytes(checkpoint.File);
        File.CreateSymbolicLink(checkpoint.File + ".unfinished", "/dev/full");

        Should.Throw<DataException>(() => Train(Short, checkpoint, resume: false, int.MaxValue)).Message.ShouldContain(checkpoint.File);

        File.ReadAllBytes(checkpoint.File).ShouldBe(before);
    }

    [Theory]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB", true)]
    [InlineData("[enforce fail at alloc_cpu.cpp:66] . DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes.", true)]
    [InlineData("DefaultCPUAllocator: not enough memory: you tried to allocate 1 bytes.", true)]
    [InlineData("The size of tensor a must match", false)]
    public void Memory_that_ran_out_is_recognised(string message, bool expected) =>
        OutOfMemory.Is(new InvalidOperationException(message)).ShouldBe(expected);

    /// <summary>SIGKILL leaves the last checkpoint; at SIGTERM, as at Ctrl-C, one more is written.</summary>
    [SkippableTheory]
    [InlineData("KILL", 137)]
    [InlineData("TERM", 130)]
    public void A_killed_process_goes_on_to_the_same_weights(string signal, int exitCode)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "The test kills a process with a signal.");
        using var folder = new TemporaryFolder();
        string[] Arguments(string name, params string[] more) =>
            ["train", "--pooling", "approximate-rank", "--scenes", "4", "--epochs", "40", "--features", "8", "--checkpoint-minutes", "0", "--out", folder[name], .. more];
        var killed = Start(Arguments("killed"));
        var checkpoint = folder["killed", "checkpoints", "approximate-rank.safetensors"];
        var patience = Stopwatch.StartNew();
        while (!File.Exists(checkpoint) && patience.Elapsed < TimeSpan.FromMinutes(2) && !killed.HasExited)
            Thread.Sleep(20);
        Thread.Sleep(100);
        killed.HasExited.ShouldBeFalse(killed.HasExited ? killed.StandardError.ReadToEnd() : "");
        using (var kill = Process.Start("kill", ["-" + signal, $"{killed.Id}"]))
            kill.WaitForExit();
        Finish(killed).ShouldBe(exitCode);
        Epochs(checkpoint).ShouldBeInRange(0, 39);

        // Without --resume the checkpoint is not lost.
        var refused = CommandRun.Of(Arguments("killed"));
        (refused.ExitCode, refused.Error.Contains("--resume", StringComparison.Ordinal)).ShouldBe((2, true));
        var resumed = Start(Arguments("killed", "--resume"));
        var whole = Start(Arguments("whole"));
        (Finish(resumed), Finish(whole)).ShouldBe((0, 0));

        File.ReadAllBytes(folder["killed", "weights", "approximate-rank.safetensors"]).ShouldBe(File.ReadAllBytes(folder["whole", "weights", "approximate-rank.safetensors"]));
        Epochs(checkpoint).ShouldBe(40);
        Directory.GetFiles(folder["whole", "tensorboard", "approximate-rank"]).ShouldHaveSingleItem();
    }

    private static int Epochs(string checkpoint)
    {
        using var file = TensorFile.Read(checkpoint);
        return JsonSerializer.Deserialize<TrainingState>(file.Notes["state"])!.Epochs.Count;
    }

    private static int Finish(Process process)
    {
        process.StandardOutput.ReadToEndAsync();
        process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return process.ExitCode;
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "rankpool.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        return process;
    }

    private static (TrainingResult Result, List<float[]> Weights) Train(TrainingSettings settings, Checkpoint? checkpoint, bool resume, int stopAfterSteps)
    {
        var data = ReversibleVideos.Create(1, Evaluation.Validation, 2, 1);
        manual_seed(1);
        using var scope = NewDisposeScope();
        using var model = settings.CreateModel(
            new PoolingChoice(PoolingChoice.ApproximateRank), new TinyNet(data.FrameSize, settings.FeatureCount), data.Classes.Count);
        using var interrupted = new CancellationTokenSource();
        var result = new Trainer(model, data, settings, 1, CPU) { Checkpoint = checkpoint, Resume = resume }
            .Run(new Stopper(interrupted, stopAfterSteps), interrupted.Token);
        return (result, [.. model.parameters().Select(parameter => parameter.detach().reshape(-1).data<float>().ToArray())]);
    }

    private sealed class Stopper(CancellationTokenSource interrupted, int stopAfterSteps) : ITrainingProgress
    {
        private int steps;

        public void Report(int epoch, int videos, double framesPerSecond)
        {
            if (++steps == stopAfterSteps)
                interrupted.Cancel();
        }

        public void Finished(Epoch epoch, double framesPerSecond)
        {
        }
    }
}
