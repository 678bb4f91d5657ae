using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>
/// Sequences of different lengths, one after the other in one tensor (T₁ + … + T_B, …), as a layer wants them: padded to (B, max T, …), with a weight of 0 where there is padding.
/// </summary>
/// <remarks>
/// The padding is 0 and gets no gradient; the gradient of the packed tensor is that of its own rows. An objective must give a frame of weight 0 no say, as <c>Σ wₜ(…)</c> does.
/// Immutable: one instance serves any number of threads and tensors.
/// <code>
/// var packed = new PackedSequences(lengths);
/// Tensor u = pool.call(packed.Pad(frames), packed.Positions(frames), packed.Weights(frames));
/// </code>
/// </remarks>
public sealed class PackedSequences
{
    private readonly int[] lengths;
    private readonly long[] places;

    /// <summary>Sequences of given lengths.</summary>
    /// <param name="lengths">T₁ … T_B, each at least 1.</param>
    /// <exception cref="ArgumentException">There is no sequence, or one without elements; says which.</exception>
    public PackedSequences(params IReadOnlyList<int> lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        if (lengths.Count == 0)
            throw new ArgumentException("There is no sequence: give the length of at least one.", nameof(lengths));
        this.lengths = [.. lengths];
        if (Array.FindIndex(this.lengths, static length => length < 1) is >= 0 and var empty)
            throw new ArgumentException($"Sequence {empty} has the length {this.lengths[empty]}; a sequence needs at least one element, so leave it out of the batch.", nameof(lengths));
        Longest = this.lengths.Max();
        Total = this.lengths.Sum(static length => (long)length);
        places = [.. this.lengths.SelectMany((length, b) => Enumerable.Range(0, length).Select(t => ((long)b * Longest) + t))];
    }

    /// <summary>T₁ … T_B.</summary>
    public IReadOnlyList<int> Lengths => lengths;

    /// <summary>max T.</summary>
    public int Longest { get; }

    /// <summary>T₁ + … + T_B.</summary>
    public long Total { get; }

    /// <summary>The sequences side by side, (B, max T, …), 0 where one has ended; differentiable.</summary>
    /// <param name="packed">The sequences one after the other, (T₁ + … + T_B, …).</param>
    /// <exception cref="ArgumentException">The tensor does not hold as many rows as the lengths say.</exception>
    public Tensor Pad(Tensor packed)
    {
        var shape = Rows(packed, nameof(packed), "packed", [Total]);
        using var scope = NewDisposeScope();
        var room = zeros([lengths.Length * Longest, .. shape[1..]], dtype: packed.dtype, device: packed.device);
        return room.index_copy(0, Places(packed), packed).reshape([lengths.Length, Longest, .. shape[1..]]).MoveToOuterDisposeScope();
    }

    /// <summary>The sequences one after the other, (T₁ + … + T_B, …): the inverse of <see cref="Pad"/>; differentiable.</summary>
    /// <param name="padded">The sequences side by side, (B, max T, …).</param>
    /// <exception cref="ArgumentException">The tensor does not have that shape.</exception>
    public Tensor Pack(Tensor padded)
    {
        var shape = Rows(padded, nameof(padded), "padded", [lengths.Length, Longest]);
        using var scope = NewDisposeScope();
        return padded.reshape([lengths.Length * Longest, .. shape[2..]]).index_select(0, Places(padded)).MoveToOuterDisposeScope();
    }

    /// <summary>1 for an element and 0 for padding, (B, max T).</summary>
    /// <param name="like">A tensor of the wanted dtype and device.</param>
    public Tensor Weights(Tensor like)
    {
        ArgumentNullException.ThrowIfNull(like);
        using var scope = NewDisposeScope();
        return zeros([lengths.Length * Longest], dtype: like.dtype, device: like.device).index_fill_(0, Places(like), Scalars.One)
            .reshape(lengths.Length, Longest).MoveToOuterDisposeScope();
    }

    /// <summary>1, 2, … max T, (max T): the places in a sequence.</summary>
    /// <param name="like">A tensor of the wanted dtype and device.</param>
    public Tensor Positions(Tensor like)
    {
        ArgumentNullException.ThrowIfNull(like);
        using var scope = NewDisposeScope();
        return ones([Longest], dtype: like.dtype, device: like.device).cumsum(0).MoveToOuterDisposeScope();
    }

    private Tensor Places(Tensor like) => tensor(places, device: like.device);

    private static long[] Rows(Tensor tensor, string parameter, string kind, long[] expected)
    {
        ArgumentNullException.ThrowIfNull(tensor, parameter);
        var shape = tensor.shape;
        if (shape.Length < expected.Length || !shape[..expected.Length].SequenceEqual(expected))
            throw new ArgumentException($"The {kind} tensor has shape ({string.Join(", ", shape)}); the lengths make it ({string.Join(", ", expected)}, …).", parameter);
        return shape;
    }
}
