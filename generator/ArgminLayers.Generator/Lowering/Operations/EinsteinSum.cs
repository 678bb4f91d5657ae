using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Lowering.Operations;

/// <summary>einsum with an equation known at compile time: one contraction.</summary>
internal static class EinsteinSum
{
    private const string Ellipsis = "...";

    /// <summary>The indices of an ellipsis are above those of all letters.</summary>
    private const int FirstCovered = 1 << 16;

    public static int? Lower(TorchCall call)
    {
        if (call.Text(0) is not { } text || call.List(1) is not { } values)
        {
            return null;
        }

        var equation = text.Replace(" ", "");
        var arrow = equation.IndexOf("->", System.StringComparison.Ordinal);
        var operands = (arrow < 0 ? equation : equation.Substring(0, arrow)).Split(',');
        var letters = string.Concat(operands.Select(WithoutEllipsis));
        if (!letters.All(IsLetter) || operands.Length != values.Count)
        {
            return call.Refuse(0, $"'{text}' is not an equation of letters for {values.Count} tensors");
        }

        // Without an arrow: the ellipsis, then the letters that occur once, in alphabetical order.
        var output = arrow >= 0 ? equation.Substring(arrow + 2)
            : (equation.Contains(Ellipsis) ? Ellipsis : "")
                + string.Concat(letters.GroupBy(letter => letter).Where(group => group.Count() == 1).Select(group => group.Key).OrderBy(letter => letter));
        var named = WithoutEllipsis(output);
        if (named.Any(letter => !letters.Contains(letter)) || named.Distinct().Count() != named.Length)
        {
            return call.Refuse(0, $"the result of '{text}' must name letters of the operands, each once");
        }

        var covered = new int[operands.Length];
        for (var k = 0; k < operands.Length; k++)
        {
            var axes = call.Shapes.AxesOf(values[k]);
            covered[k] = axes.Count - WithoutEllipsis(operands[k]).Length;
            if (covered[k] < 0 || (covered[k] > 0 && !operands[k].Contains(Ellipsis)))
            {
                return call.Refuse(0, $"'{operands[k]}' does not name the axes of the shape {ShapeText.Of(axes)}");
            }
        }

        var widest = covered.Max();
        if (widest > 0 && !output.Contains(Ellipsis))
        {
            return call.Refuse(0, $"the result of '{text}' must say where the axes of '...' go");
        }

        var labels = operands.Select((operand, k) => Labels(operand, covered[k])).ToList();
        var factors = new List<Factor>();
        var holders = new Dictionary<int, (Extent Extent, int Value)>();
        for (var k = 0; k < operands.Length; k++)
        {
            var axes = call.Shapes.AxesOf(values[k]);

            // What an ellipsis covers broadcasts: an axis of extent 1 goes where another operand has more.
            bool IsBroadcast(int axis) => labels[k][axis] >= FirstCovered && axes[axis].Number == 1
                && Enumerable.Range(0, operands.Length).Any(other => labels[other].IndexOf(labels[k][axis]) is >= 0 and var place && call.Shapes.AxesOf(values[other])[place].Number != 1);
            var spread = Enumerable.Range(0, axes.Count).Where(IsBroadcast).ToList();
            for (var axis = 0; axis < axes.Count; axis++)
            {
                if (spread.Contains(axis))
                {
                    continue;
                }

                if (holders.TryGetValue(labels[k][axis], out var known) && known.Extent != axes[axis])
                {
                    return call.Mismatch(known.Value, values[k]);
                }

                holders[labels[k][axis]] = (axes[axis], values[k]);
            }

            factors.Add(new Factor(call.Shapes.Squeeze(values[k], spread), labels[k].Where((_, axis) => !spread.Contains(axis)).ToEquatable()));
        }

        return call.Builder.Contract(1, factors, Labels(output, widest));
    }

    private static string WithoutEllipsis(string subscripts) =>
        subscripts.IndexOf(Ellipsis, System.StringComparison.Ordinal) is >= 0 and var place ? subscripts.Remove(place, Ellipsis.Length) : subscripts;

    /// <summary>One index for every letter, and for every axis that the ellipsis covers, these counted from the last.</summary>
    private static List<int> Labels(string subscripts, int covered)
    {
        var labels = WithoutEllipsis(subscripts).Select(letter => (int)letter).ToList();
        var place = subscripts.IndexOf(Ellipsis, System.StringComparison.Ordinal);
        if (place >= 0)
        {
            labels.InsertRange(place, Enumerable.Range(FirstCovered, covered).Reverse());
        }

        return labels;
    }

    private static bool IsLetter(char letter) => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
}
