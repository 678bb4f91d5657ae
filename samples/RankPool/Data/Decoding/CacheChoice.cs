namespace RankPool.Data.Decoding;

/// <summary>Where decoded frames are kept, and how much of them.</summary>
/// <param name="Folder">The folder; one that goes at the end where null.</param>
/// <param name="MostBytes">The size that it may have.</param>
public sealed record CacheChoice(string? Folder, long MostBytes);
