namespace RankPool.Data.Decoding;

/// <summary>A clip on disk that has to be decoded.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Labels">Indices into the data set's classes.</param>
/// <param name="Size">The size that its frames get.</param>
public abstract record EncodedClip(string Name, IReadOnlyList<int> Labels, FrameSize Size) : Clip(Name, Labels)
{
    /// <summary>A text that is another one when the clip's files or the size of its frames change.</summary>
    /// <exception cref="DataException">The files cannot be looked at.</exception>
    public abstract string Version { get; }

    /// <summary>Writes the frames one after the other.</summary>
    /// <exception cref="DataException">The clip does not decode; the message names its file.</exception>
    public abstract void Decode(Stream frames);

    public override Video Read()
    {
        using var frames = new MemoryStream();
        Decode(frames);
        return new VideoInMemory(Size, frames.ToArray());
    }
}
