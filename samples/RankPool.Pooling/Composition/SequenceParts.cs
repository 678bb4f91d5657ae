using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>Some consecutive frames of a sequence.</summary>
/// <param name="First">The first one, counted from 0 over real frames.</param>
/// <param name="Count">How many, at least 1.</param>
internal readonly record struct FrameRange(int First, int Count);

/// <summary>Parts of a batch's sequences as sequences of their own: R parts in all, those of the first sequence before those of the second.</summary>
internal sealed class SequenceParts
{
    private static readonly Scalar Zero = 0;

    private readonly int[] counts;
    private readonly long[] batch;

    private SequenceParts(Tensor features, Tensor mask, int[] counts, long[] batch) =>
        (Features, Mask, this.counts, this.batch) = (features, mask, counts, batch);

    /// <summary>(R, length of the longest part, D), 0 in the padding.</summary>
    public Tensor Features { get; }

    /// <summary>(R, length of the longest part), 1 for a frame and 0 for padding.</summary>
    public Tensor Mask { get; }

    /// <summary>Cuts every sequence.</summary>
    /// <param name="features">(…, T, D).</param>
    /// <param name="mask">(…, T), 1 for a frame and 0 for padding.</param>
    /// <param name="partsOf">The parts of a sequence with a given number of frames; at least one.</param>
    public static SequenceParts Cut(Tensor features, Tensor mask, Func<int, IReadOnlyList<FrameRange>> partsOf)
    {
        var frames = (int)mask.size(-1);
        var isFrame = mask.gt(Zero).cpu().contiguous().data<bool>().ToArray();
        var real = isFrame.Chunk(frames).Select(row => Enumerable.Range(0, frames).Where(t => row[t]).ToArray()).ToArray();
        var parts = real.Select(positions => partsOf(positions.Length)).ToArray();
        var longest = parts.Max(ranges => ranges.Max(range => range.Count));
        var rows = parts.SelectMany((ranges, b) => ranges.Select(range => Enumerable.Range(range.First, range.Count).Select(i => (long)b * frames + real[b][i])));
        var (cut, cutMask) = Gather(features.reshape(-1, features.size(-1)), rows, longest);
        return new(cut, cutMask.to(mask.dtype), [.. parts.Select(ranges => ranges.Count)], mask.shape[..^1]);
    }

    /// <summary>The pooled parts put back to where they belong: a sequence of parts for every sequence.</summary>
    /// <param name="pooled">(R, D′).</param>
    /// <returns>Features (…, largest number of parts, D′), 0 in the padding, and their mask (…, largest number of parts).</returns>
    public (Tensor Features, Tensor Mask) Join(Tensor pooled)
    {
        var most = counts.Max();
        var (first, lists) = (0L, new List<IEnumerable<long>>());
        foreach (var count in counts)
        {
            var start = first;
            lists.Add(Enumerable.Range(0, count).Select(i => start + i));
            first += count;
        }
        var (joined, mask) = Gather(pooled, lists, most);
        return (joined.reshape([.. batch, most, pooled.size(-1)]), mask.to(Mask.dtype).reshape([.. batch, most]));
    }

    /// <summary>Lists of rows, padded to one length.</summary>
    private static (Tensor Rows, Tensor Mask) Gather(Tensor table, IEnumerable<IEnumerable<long>> lists, int length)
    {
        // Row 0 stands for padding, so that no gradient comes from it.
        var padded = cat([zeros(1, table.size(-1), dtype: table.dtype, device: table.device), table], 0);
        var slots = lists.SelectMany(list => list.Select(row => row + 1).Concat(Enumerable.Repeat(0L, length)).Take(length)).ToArray();
        var index = tensor(slots).to(table.device);
        return (padded.index_select(0, index).reshape(-1, length, table.size(-1)), index.gt(Zero).reshape(-1, length));
    }
}
