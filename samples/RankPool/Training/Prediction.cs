namespace RankPool.Training;

/// <summary>What a model says about a video.</summary>
/// <param name="Clip">The video's name.</param>
/// <param name="Labels">What it shows.</param>
/// <param name="Scores">The score of every class.</param>
public sealed record Prediction(string Clip, IReadOnlyList<int> Labels, float[] Scores)
{
    /// <summary>The class with the highest score, the first of several.</summary>
    public int Answer => Array.IndexOf(Scores, Scores.Max());
}
