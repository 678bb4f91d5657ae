namespace RankPool.Reproduction;

/// <summary>How a row of a table comes about.</summary>
public enum RowMethod
{
    /// <summary>The features of the network as it starts, pooled, and a linear classifier.</summary>
    Frozen,

    /// <summary>The network trained on single frames; the scores of a video are the sum of its frames'.</summary>
    FrameLevel,

    /// <summary>The features of the network that <see cref="FrameLevel"/> has trained, pooled, and a linear classifier.</summary>
    FineTuned,

    /// <summary>The network trained through the pooling.</summary>
    EndToEnd,
}
