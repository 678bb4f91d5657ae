namespace RankPool.Data;

/// <summary>A labelled video that can be read when it is needed.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Labels">Indices into the data set's classes; exactly one where the data set has one label per video.</param>
public abstract record Clip(string Name, IReadOnlyList<int> Labels)
{
    /// <summary>The first label.</summary>
    public int Label => Labels[0];

    /// <summary>Reads or decodes the video. May be called on several threads.</summary>
    /// <exception cref="DataException">The video cannot be read; the message names its file.</exception>
    public abstract Video Read();
}
