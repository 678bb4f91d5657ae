using System.Linq;

namespace ArgminLayers.Generator.Programs;

/// <summary>The indices 0, 1, … that a value's own axes carry; made once, because nearly every rule asks for them.</summary>
internal static class Indices
{
    private static readonly int[][] Known = Enumerable.Range(0, 9).Select(count => Enumerable.Range(0, count).ToArray()).ToArray();

    /// <summary>The indices below a number, to be read only.</summary>
    public static int[] Below(int count) => count < Known.Length ? Known[count] : Enumerable.Range(0, count).ToArray();

    /// <summary>Whether no index stands twice.</summary>
    public static bool AreDistinct(EquatableArray<int> labels)
    {
        for (var k = 1; k < labels.Count; k++)
        {
            for (var other = 0; other < k; other++)
            {
                if (labels[k] == labels[other])
                {
                    return false;
                }
            }
        }

        return true;
    }
}
