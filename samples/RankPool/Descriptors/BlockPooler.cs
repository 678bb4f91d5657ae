using ArgminLayers;
using RankPool.Pooling;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Descriptors;

/// <summary>
/// Pools the files of a block. Sequences are read until they fill the memory that the block may use, and are pooled then in batches of about equal
/// lengths. Holds no state of a block, so threads can share one once <see cref="TakeFeatures"/> was called.
/// </summary>
/// <param name="pooling">How sequences become descriptors.</param>
/// <param name="root">The folder that holds the sequences.</param>
/// <param name="type">The type to compute in and to write.</param>
/// <param name="numbers">The numbers that a sequence of T frames with D features takes while it is pooled.</param>
/// <param name="budget">Bytes of these numbers to hold at a time; a longer sequence is held alone.</param>
/// <param name="keepGoing">Whether a sequence that cannot be used is left out, or ends the work.</param>
public sealed class BlockPooler(TemporalPooling pooling, string root, ScalarType type, Func<long, long, long> numbers, long budget, bool keepGoing)
{
    /// <summary>Longest by shortest sequence of a batch, at most: what is beyond it would be computed for padding.</summary>
    private const double MostPadding = 1.25;

    /// <summary>Bytes that a sequence takes beside its frames: a tensor's own, and what .NET and libtorch keep of it.</summary>
    private const long BytesBesideFrames = 2048;

    /// <summary>Sequences held at a time, at most: more make a batch no faster, and progress would be told of seldom.</summary>
    private const int MostHeld = 4096;

    private static readonly Scalar One = 1;

    private readonly SequenceReader reader = new(type);

    /// <summary>The features of a frame, D, of the first sequence; equal for all sequences.</summary>
    private (long Count, string Name) features;

    /// <summary>Takes the number of features from the first sequence that can be read, so that neither the order of threads nor the division into shards decides it.</summary>
    /// <param name="files">All files of the work.</param>
    public void TakeFeatures(IEnumerable<string> files)
    {
        using var scope = NewDisposeScope();
        if (files.SelectMany(file => reader.Read(root, file)).FirstOrDefault(read => read.Sequence is not null).Sequence is { } first)
            features = (first.FeatureCount, first.Name);
    }

    /// <summary>Makes the descriptors of the sequences in the files.</summary>
    /// <param name="files">The files, below the folder.</param>
    /// <param name="write">Gets the bytes of every descriptor, in order.</param>
    /// <param name="pooled">Hears how many sequences have been pooled or left out since it was called last.</param>
    /// <param name="interrupted">Set when the user wants to stop.</param>
    /// <returns>What the descriptors are.</returns>
    /// <exception cref="DataException">A sequence cannot be used, and none may be left out; or two have different numbers of features.</exception>
    /// <exception cref="OperationCanceledException">The user has interrupted.</exception>
    public DescriptorBlock Pool(IReadOnlyList<string> files, Action<byte[]> write, Action<int> pooled, CancellationToken interrupted)
    {
        using var noGradient = no_grad();
        var skipped = new List<Skipped>();
        var names = new List<string>();
        var scope = NewDisposeScope();
        try
        {
            var (held, bytes, told) = (new List<Sequence>(), 0L, 0);
            void Flush()
            {
                foreach (var (name, row) in PoolAll(held, skipped))
                {
                    names.Add(name);
                    write(row);
                }
                pooled(names.Count + skipped.Count - told);
                told = names.Count + skipped.Count;
                scope.Dispose();
                scope = NewDisposeScope();
                (held, bytes) = ([], 0L);
            }

            foreach (var file in files)
            {
                foreach (var (sequence, bad) in reader.Read(root, file))
                {
                    interrupted.ThrowIfCancellationRequested();
                    if (sequence is null)
                    {
                        Skip(bad!, skipped);
                        continue;
                    }
                    if (Refusal(sequence) is { } reason)
                    {
                        Skip(new(sequence.Name, reason), skipped);
                        sequence.Frames.Dispose();
                        continue;
                    }
                    var size = numbers(sequence.Length, sequence.FeatureCount) * (type == ScalarType.Float32 ? 4 : 8) + BytesBesideFrames;
                    if (held.Count == MostHeld || (held.Count > 0 && bytes + size > budget))
                    {
                        // The new sequence outlives what is let go.
                        var frames = sequence.Frames.DetachFromDisposeScope();
                        Flush();
                        scope.Attach(frames);
                    }
                    held.Add(sequence);
                    bytes += size;
                }
            }
            Flush();
        }
        finally
        {
            scope.Dispose();
        }
        var width = names.Count == 0 ? 0 : pooling.OutputFeatures(features.Count);
        return new DescriptorBlock(files, names, names.Count == 0 ? 0 : features.Count, width, type, skipped);
    }

    private string? Refusal(Sequence sequence)
    {
        if (sequence.Name.AsSpan().IndexOfAny('\n', '\r') >= 0)
            return $"'{sequence.Name.ReplaceLineEndings(" ")}' has a line break in its name, and names are written line by line.";
        if (features.Count == 0)
            throw new InvalidOperationException($"{nameof(TakeFeatures)} comes before {nameof(Pool)}.");
        return sequence.FeatureCount == features.Count ? null : FormattableString.Invariant(
            $"'{Path.Combine(root, sequence.Name)}' has {sequence.FeatureCount} features a frame, and '{features.Name}' has {features.Count}; all sequences need the same number.");
    }

    private void Skip(Skipped bad, List<Skipped> skipped)
    {
        if (!keepGoing)
            throw new DataException($"{bad.Reason.TrimEnd('.')}. With --keep-going it is left out.");
        skipped.Add(bad);
    }

    /// <summary>The descriptors in the order of the sequences; those that cannot be pooled are skipped.</summary>
    private IEnumerable<(string Name, byte[] Row)> PoolAll(IReadOnlyList<Sequence> sequences, List<Skipped> skipped)
    {
        var rows = new byte[]?[sequences.Count];
        foreach (var batch in Batches(sequences))
        {
            try
            {
                PoolBatch(batch, sequences, rows);
            }
            catch (ArgminException)
            {
                foreach (var one in batch)
                    PoolOne(one, sequences, rows, skipped);
            }
        }
        return sequences.Select((sequence, i) => (sequence.Name, Row: rows[i]!)).Where(entry => entry.Row is not null);
    }

    private void PoolOne(int index, IReadOnlyList<Sequence> sequences, byte[]?[] rows, List<Skipped> skipped)
    {
        try
        {
            PoolBatch([index], sequences, rows);
        }
        catch (ArgminException exception)
        {
            Skip(new(sequences[index].Name, $"'{Path.Combine(root, sequences[index].Name)}' cannot be pooled: {SolverFailure.Reason(exception)}"), skipped);
        }
    }

    private void PoolBatch(IReadOnlyList<int> batch, IReadOnlyList<Sequence> sequences, byte[]?[] rows)
    {
        using var scope = NewDisposeScope();
        var longest = batch.Max(i => sequences[i].Length);
        var frames = zeros(batch.Count, longest, features.Count, dtype: type);
        var mask = zeros(batch.Count, longest, dtype: type);
        for (var b = 0; b < batch.Count; b++)
        {
            var sequence = sequences[batch[b]];
            frames.select(0, b).narrow(0, 0, sequence.Length).copy_(sequence.Frames);
            mask.select(0, b).narrow(0, 0, sequence.Length).fill_(One);
        }
        var pooled = pooling.call(frames, mask).contiguous();
        var bytes = pooled.bytes;
        var width = bytes.Length / batch.Count;
        for (var b = 0; b < batch.Count; b++)
            rows[batch[b]] = bytes.Slice(b * width, width).ToArray();
    }

    /// <summary>Groups of indices with about equal lengths.</summary>
    private static IEnumerable<List<int>> Batches(IReadOnlyList<Sequence> sequences)
    {
        var batch = new List<int>();
        foreach (var i in Enumerable.Range(0, sequences.Count).OrderBy(i => sequences[i].Length))
        {
            if (batch.Count > 0 && sequences[i].Length > MostPadding * sequences[batch[0]].Length)
            {
                yield return batch;
                batch = [];
            }
            batch.Add(i);
        }
        if (batch.Count > 0)
            yield return batch;
    }
}
