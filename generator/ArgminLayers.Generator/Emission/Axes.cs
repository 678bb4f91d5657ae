using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace ArgminLayers.Generator.Emission;

/// <summary>A tensor expression and the indices that its own axes carry, in order. Any batch dimensions stand before them.</summary>
internal readonly record struct Indexed(string Text, IReadOnlyList<int> Labels);

/// <summary>Axes brought into order; all of them are addressed from the back, so that batch dimensions do not matter.</summary>
internal static class Axes
{
    /// <summary>The operand with its axes in the given order, an axis of extent 1 for each index that it lacks.</summary>
    public static string Align(Indexed operand, IReadOnlyList<int> target)
    {
        if (AreSame(operand.Labels, target))
        {
            return operand.Text;
        }

        var text = Permute(operand, target.Where(operand.Labels.Contains).ToList());
        for (var position = target.Count - 1; position >= 0; position--)
        {
            if (!operand.Labels.Contains(target[position]))
            {
                text += $".unsqueeze({Back(target.Count - position)})";
            }
        }

        return text;
    }

    /// <summary>The operand with its own axes in another order.</summary>
    public static string Permute(Indexed operand, IReadOnlyList<int> target)
    {
        var (text, labels) = (operand.Text, operand.Labels.ToList());
        for (var position = 0; position < target.Count; position++)
        {
            var at = labels.IndexOf(target[position]);
            if (at != position)
            {
                text += $".transpose({Back(labels.Count - position)}, {Back(labels.Count - at)})";
                (labels[at], labels[position]) = (labels[position], labels[at]);
            }
        }

        return text;
    }

    /// <summary>The operand with every repeated index brought down to its diagonal.</summary>
    public static Indexed Diagonalize(Indexed operand)
    {
        if (AreAscending(operand.Labels))
        {
            return operand;
        }

        var (text, labels) = (operand.Text, operand.Labels.ToList());
        while (labels.GroupBy(label => label).FirstOrDefault(group => group.Count() > 1) is { } repeated)
        {
            var first = labels.IndexOf(repeated.Key);
            var second = labels.IndexOf(repeated.Key, first + 1);
            text += $".diagonal(0, {Back(labels.Count - first)}, {Back(labels.Count - second)})";
            labels.RemoveAt(second);
            labels.RemoveAt(first);
            labels.Add(repeated.Key);
        }

        return new Indexed(text, labels);
    }

    public static bool AreSame(IReadOnlyList<int> labels, IReadOnlyList<int> others)
    {
        var k = 0;
        while (k < labels.Count && k < others.Count && labels[k] == others[k])
        {
            k++;
        }

        return k == labels.Count && k == others.Count;
    }

    public static bool AreAscending(IReadOnlyList<int> labels)
    {
        for (var k = 1; k < labels.Count; k++)
        {
            if (labels[k] <= labels[k - 1])
            {
                return false;
            }
        }

        return true;
    }

    public static string Back(int distance) => (-distance).ToString(CultureInfo.InvariantCulture);
}
