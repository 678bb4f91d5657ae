using System.Diagnostics;
using RankPool.Descriptors;
using RankPool.Reports;
using Spectre.Console;

namespace RankPool.Commands;

/// <summary>One run of <c>rankpool pool</c>.</summary>
internal sealed record PoolWork
{
    /// <summary>How many times the memory of its frames a batch takes while it is pooled: padding, transformed copies and what libtorch keeps.</summary>
    private const int CopiesOfFrames = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public required SequenceFiles Files { get; init; }

    public required string Root { get; init; }

    public required DescriptorFolder Folder { get; init; }

    public required DescriptorSettings Settings { get; init; }

    /// <summary>Counted from 1.</summary>
    public required int Shard { get; init; }

    public required int Jobs { get; init; }

    /// <summary>Bytes for all jobs together.</summary>
    public required long Memory { get; init; }

    public required bool KeepGoing { get; init; }

    /// <summary>Pools, and puts the blocks together where there is one shard alone.</summary>
    /// <exception cref="UsageException">The folder holds work under other settings.</exception>
    /// <exception cref="DataException">A sequence cannot be used, or results cannot be written.</exception>
    public void Run(IAnsiConsole console, IAnsiConsole errors, CancellationToken interrupted)
    {
        Folder.Begin(Settings);
        if (Settings.Shards == 1 && File.Exists(Folder.MatrixFile))
        {
            Terminal.WriteLine(console, $"Nothing to do: '{Folder.MatrixFile}' is finished; delete the folder or choose another to pool again.");
            return;
        }

        using var pooling = Settings.Pooling.Create(Settings.C, Settings.Epsilon);
        var pooler = new BlockPooler(pooling, Root, Settings.Type, Settings.Pooling.NumbersInUse, Memory / Jobs / CopiesOfFrames, KeepGoing);
        var sinceShown = Stopwatch.StartNew();
        var result = new DescriptorRun(Files, pooler, Folder, Settings, Shard, Jobs).Run(
            at =>
            {
                if (sinceShown.Elapsed < Pause && at.Files < at.Total)
                    return;
                var left = at.Left is { } time ? FormattableString.Invariant($", {TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds)):c} left") : "";
                Terminal.WriteLine(errors, FormattableString.Invariant(
                    $"{at.Files:#,0} of {at.Total:#,0} files ({Figures.Percent((double)at.Files / at.Total)}), {at.Sequences:#,0} sequences, {Figures.Rate(at.SequencesPerSecond)} sequences/s{left}"));
                sinceShown.Restart();
            },
            interrupted);

        if (result.Resumed > 0)
            Terminal.WriteLine(console, FormattableString.Invariant($"{result.Resumed:#,0} of {result.Files:#,0} files were done by an earlier run."));
        if (Settings.Shards > 1)
        {
            Terminal.WriteLine(console, FormattableString.Invariant(
                $"Shard {Shard}/{Settings.Shards}: {result.Descriptors:#,0} descriptors from {result.Files:#,0} files, {result.Skipped:#,0} sequences left out. When all shards are done: rankpool merge --in '{Folder.Path}' --out DIR"));
        }
        else
        {
            DescriptorMerge.Run([Folder], Folder, interrupted);
            Folder.RemoveBlocks();
            Terminal.WriteLine(console, FormattableString.Invariant(
                $"Written: {Folder.MatrixFile}, {result.Descriptors:#,0} descriptors from {result.Files:#,0} files, and their names in {Folder.NamesFile}"));
        }
        if (result.Skipped > 0)
        {
            var where = Settings.Shards > 1 ? "merge lists them" : $"'{Folder.SkippedFile}' lists them";
            Terminal.WriteLine(errors, FormattableString.Invariant($"{result.Skipped:#,0} sequences were left out; {where}."));
        }
        if (result.Descriptors == 0 && result.Files > 0)
            throw new DataException(FormattableString.Invariant($"Not one of {result.Skipped:#,0} sequences could be used."));
    }
}
