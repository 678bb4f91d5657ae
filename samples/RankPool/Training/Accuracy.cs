namespace RankPool.Training;

/// <summary>Mean per-class accuracy: the share of right answers within each class that occurs, averaged over these classes.</summary>
public sealed class Accuracy(int classCount)
{
    private readonly int[] right = new int[classCount];
    private readonly int[] total = new int[classCount];

    public void Add(int label, int answer)
    {
        total[label]++;
        if (answer == label)
            right[label]++;
    }

    public double Mean => Enumerable.Range(0, classCount)
        .Where(label => total[label] > 0)
        .Average(label => (double)right[label] / total[label]);
}
