namespace RankPool.Networks;

/// <summary>A row of scores that a loss is computed of.</summary>
/// <param name="Video">The number of its video in the batch, from 0.</param>
/// <param name="Weight">Its weight in the loss.</param>
public readonly record struct ScoreRow(int Video, float Weight);
