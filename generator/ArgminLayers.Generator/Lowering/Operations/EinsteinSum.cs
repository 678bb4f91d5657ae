using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Lowering.Operations;

/// <summary>einsum with an equation known at compile time: one contraction.</summary>
internal static class EinsteinSum
{
    public static int? Lower(TorchCall call)
    {
        if (call.Text(0) is not { } text || call.List(1) is not { } values)
        {
            return null;
        }

        var equation = text.Replace(" ", "");
        var arrow = equation.IndexOf("->", System.StringComparison.Ordinal);
        var operands = (arrow < 0 ? equation : equation.Substring(0, arrow)).Split(',');
        var letters = string.Concat(operands);
        if (!letters.All(IsLetter) || operands.Length != values.Count)
        {
            return call.Refuse(0, $"'{text}' is not an equation of letters for {values.Count} tensors");
        }

        // Without an arrow: the letters that occur once, in alphabetical order.
        var output = arrow >= 0 ? equation.Substring(arrow + 2)
            : string.Concat(letters.GroupBy(letter => letter).Where(group => group.Count() == 1).Select(group => group.Key).OrderBy(letter => letter));
        if (output.Any(letter => !letters.Contains(letter)) || output.Distinct().Count() != output.Length)
        {
            return call.Refuse(0, $"the result of '{text}' must name letters of the operands, each once");
        }

        var holders = new Dictionary<char, (Extent Extent, int Value)>();
        for (var k = 0; k < operands.Length; k++)
        {
            var axes = call.Shapes.AxesOf(values[k]);
            if (axes.Count != operands[k].Length)
            {
                return call.Refuse(0, $"'{operands[k]}' does not name the axes of the shape {ShapeText.Of(axes)}");
            }

            for (var axis = 0; axis < axes.Count; axis++)
            {
                if (holders.TryGetValue(operands[k][axis], out var known) && known.Extent != axes[axis])
                {
                    return call.Mismatch(known.Value, values[k]);
                }

                holders[operands[k][axis]] = (axes[axis], values[k]);
            }
        }

        return call.Builder.Contract(
            1,
            operands.Select((operand, k) => new Factor(values[k], operand.Select(letter => (int)letter).ToEquatable())),
            output.Select(letter => (int)letter).ToList());
    }

    private static bool IsLetter(char letter) => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
}
