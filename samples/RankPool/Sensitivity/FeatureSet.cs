using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Sensitivity;

/// <summary>Sequences of frame features of different lengths, padded to one tensor.</summary>
/// <param name="V">(B, T, D), float64, every frame of unit length or zero, 0 in the padding.</param>
/// <param name="Mask">(B, T), 1 for a frame and 0 for padding, float64.</param>
/// <param name="Labels">The class of every sequence.</param>
public sealed record FeatureBatch(Tensor V, Tensor Mask, IReadOnlyList<int> Labels) : IDisposable
{
    /// <summary>(B, T), the numbers of the frames from 1 on.</summary>
    public Tensor T { get; } = Numbers(Mask);

    /// <summary>The frames of one sequence without padding, (T, D).</summary>
    public Tensor Frames(int i) => V.select(0, i).narrow(0, 0, Length(i));

    /// <summary>The number of frames of one sequence.</summary>
    public long Length(int i) => (long)Mask.select(0, i).sum().item<double>();

    public void Dispose()
    {
        V.Dispose();
        Mask.Dispose();
        T.Dispose();
    }

    private static Tensor Numbers(Tensor mask) => mask.cumsum(-1).DetachFromDisposeScope();
}

/// <summary>Frame features of labelled videos, which no longer change: what the poolings under study are given.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Classes">The names of the classes.</param>
/// <param name="Training">What classifiers and C are fitted to.</param>
/// <param name="Evaluation">What they are judged on.</param>
public sealed record FeatureSet(
    string Name, IReadOnlyList<string> Classes, IReadOnlyList<FeatureBatch> Training, IReadOnlyList<FeatureBatch> Evaluation) : IDisposable
{
    /// <summary>Numbers in a padded batch, at most; a longer sequence is alone in its batch.</summary>
    private const long BatchSize = 1 << 24;

    /// <summary>Pads sequences to batches.</summary>
    /// <param name="sequences">Features (T, D) of frames, which get unit length here, and labels.</param>
    public static IReadOnlyList<FeatureBatch> Batch(IEnumerable<(Tensor Frames, int Label)> sequences)
    {
        var batches = new List<FeatureBatch>();
        var (held, longest) = (new List<(Tensor Frames, int Label)>(), 0L);
        foreach (var sequence in sequences)
        {
            var length = Math.Max(longest, sequence.Frames.size(0));
            if (held.Count > 0 && (held.Count + 1) * length * sequence.Frames.size(1) > BatchSize)
            {
                batches.Add(Pad(held));
                (held, length) = ([], sequence.Frames.size(0));
            }
            held.Add(sequence);
            longest = length;
        }
        if (held.Count > 0)
            batches.Add(Pad(held));
        return batches;
    }

    public void Dispose()
    {
        foreach (var batch in Training.Concat(Evaluation))
            batch.Dispose();
    }

    private static FeatureBatch Pad(List<(Tensor Frames, int Label)> sequences)
    {
        using var scope = NewDisposeScope();
        using Scalar one = 1;
        var longest = sequences.Max(sequence => sequence.Frames.size(0));
        var v = zeros(sequences.Count, longest, sequences[0].Frames.size(1), dtype: ScalarType.Float64);
        var mask = zeros(sequences.Count, longest, dtype: ScalarType.Float64);
        foreach (var (i, (frames, _)) in sequences.Index())
        {
            v.select(0, i).narrow(0, 0, frames.size(0)).copy_(frames);
            mask.select(0, i).narrow(0, 0, frames.size(0)).fill_(one);
            frames.Dispose();
        }
        using var unit = new Pooling.UnitLength();
        return new(unit.call(v, mask).DetachFromDisposeScope(), mask.DetachFromDisposeScope(), [.. sequences.Select(sequence => sequence.Label)]);
    }
}
