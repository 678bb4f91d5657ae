using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using TorchSharp;

namespace RankPool.Descriptors;

/// <summary>How far a run is.</summary>
/// <param name="Files">Files done, those of earlier runs included.</param>
/// <param name="Total">Files of this shard.</param>
/// <param name="Sequences">Sequences that this run has pooled or left out; those of files at work count too.</param>
/// <param name="SequencesPerSecond">Of this run.</param>
/// <param name="Left">The time that is left at the speed of the blocks that this run has finished; null before the first.</param>
public readonly record struct DescriptorProgress(long Files, long Total, long Sequences, double SequencesPerSecond, TimeSpan? Left);

/// <summary>What a run came to.</summary>
/// <param name="Files">Files of this shard.</param>
/// <param name="Descriptors">Rows, those of earlier runs included.</param>
/// <param name="Skipped">Sequences that were left out.</param>
/// <param name="Resumed">Files that an earlier run had done.</param>
public sealed record DescriptorResult(long Files, long Descriptors, long Skipped, long Resumed);

/// <summary>
/// Pools all files of a shard, several blocks at a time, into a folder. Blocks that are there already are left as they are, so a run that ended early goes on.
/// </summary>
/// <param name="files">All files; this shard takes every N-th block of them.</param>
/// <param name="pooler">Pools a block.</param>
/// <param name="folder">Where blocks go.</param>
/// <param name="settings">How many files make a block, and how many shards there are.</param>
/// <param name="shard">Counted from 1.</param>
/// <param name="jobs">Blocks at a time.</param>
public sealed class DescriptorRun(
    SequenceFiles files, BlockPooler pooler, DescriptorFolder folder, DescriptorSettings settings, int shard, int jobs)
{
    private long done, resumed, sequences, descriptors, skipped;

    /// <summary>Pools what is not there yet.</summary>
    /// <param name="progress">Hears how far the run is, on the threads that work, one at a time.</param>
    /// <param name="interrupted">Set when the user wants to stop.</param>
    /// <exception cref="DataException">A file cannot be used and none may be left out, the files have changed since an earlier run, or a block cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The user has interrupted; finished blocks are written.</exception>
    public DescriptorResult Run(Action<DescriptorProgress> progress, CancellationToken interrupted)
    {
        var blockCount = 0;
        var total = Blocks().Sum(block =>
        {
            blockCount = block.Number + 1;
            return IsMine(block.Number) ? (long)block.Files.Length : 0;
        });
        if (blockCount == 0)
            throw new DataException($"There are no sequences: no file with the ending {string.Join(", ", SequenceReader.Endings)} was found.");

        pooler.TakeFeatures(files.List());
        var clock = Stopwatch.StartNew();
        var atLastBlock = TimeSpan.Zero;
        void Tell(int files, int pooled)
        {
            lock (clock)
            {
                (done, sequences) = (done + files, sequences + pooled);
                var now = clock.Elapsed;
                if (files > 0)
                    atLastBlock = now;
                var own = done - Interlocked.Read(ref resumed);
                TimeSpan? left = own > 0 ? atLastBlock * ((double)(total - done) / own) - (now - atLastBlock) : null;
                progress(new(done, total, sequences, sequences / Math.Max(now.TotalSeconds, 1e-9), left < TimeSpan.Zero ? TimeSpan.Zero : left));
            }
        }
        var options = new ParallelOptions { MaxDegreeOfParallelism = jobs, CancellationToken = interrupted };
        try
        {
            // Not one block is taken before a thread is free for it: what is listed stays small.
            Parallel.ForEach(Partitioner.Create(Blocks().Where(block => IsMine(block.Number)), EnumerablePartitionerOptions.NoBuffering), options, block =>
            {
                // A thread a block: libtorch's own threads would only take turns with them.
                torch.set_num_threads(1);
                Pool(block.Number, block.Files, count => Tell(files: 0, count), interrupted);
                Tell(block.Files.Length, 0);
            });
        }
        catch (AggregateException exception)
        {
            var inner = exception.Flatten().InnerExceptions;
            ExceptionDispatchInfo.Throw(inner.FirstOrDefault(one => one is DataException or OperationCanceledException) ?? inner[0]);
        }
        folder.FinishShard(shard, settings.Shards, blockCount);
        return new(total, descriptors, skipped, resumed);
    }

    private IEnumerable<(int Number, string[] Files)> Blocks() => files.List().Chunk(settings.FilesPerBlock).Select((block, number) => (number, block));

    private bool IsMine(int block) => block % settings.Shards == shard - 1;

    private void Pool(int number, string[] block, Action<int> pooled, CancellationToken interrupted)
    {
        var before = folder.ReadBlock(number);
        if (before is not null && !before.Files.SequenceEqual(block))
        {
            throw new DataException(
                $"The files have changed since '{folder.Path}' was begun: a finished block begins with '{before.Files[0]}', and it would begin with '{block[0]}' now or end elsewhere; use another --out.");
        }
        var now = before ?? folder.WriteBlock(number, write => pooler.Pool(block, write, pooled, interrupted));
        Interlocked.Add(ref resumed, before is null ? 0 : block.Length);
        Interlocked.Add(ref descriptors, now.Names.Count);
        Interlocked.Add(ref skipped, now.Skipped.Count);
    }
}
