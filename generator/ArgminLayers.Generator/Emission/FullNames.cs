using System.Text;

namespace ArgminLayers.Generator.Emission;

/// <summary>
/// The names Tensor and Scalar written out. A layer in the global namespace has no namespace of its own to declare them in, and at the top of a file they
/// would meet a consumer's global aliases (CS1537).
/// </summary>
internal static class FullNames
{
    private static readonly (string Name, string Full)[] Types = { ("Tensor", "global::TorchSharp.torch.Tensor"), ("Scalar", "global::TorchSharp.Scalar") };

    /// <summary>A line with full names, unless it is a comment.</summary>
    public static string In(string line)
    {
        var first = 0;
        while (first < line.Length && line[first] == ' ')
        {
            first++;
        }

        if (string.CompareOrdinal(line, first, "//", 0, 2) == 0)
        {
            return line;
        }

        StringBuilder? text = null;
        var copied = 0;
        for (var k = first; k < line.Length; k++)
        {
            if (line[k] is not ('T' or 'S'))
            {
                continue;
            }

            foreach (var (name, full) in Types)
            {
                if (IsType(line, k, name))
                {
                    text ??= new StringBuilder();
                    text.Append(line, copied, k - copied).Append(full);
                    copied = k + name.Length;
                }
            }
        }

        return text is null ? line : text.Append(line, copied, line.Length - copied).ToString();
    }

    /// <summary>Whether a type's name stands there: not behind a dot or inside a longer name, not a member's name, which a parenthesis or a brace follows.</summary>
    private static bool IsType(string line, int place, string name)
    {
        if (string.CompareOrdinal(line, place, name, 0, name.Length) != 0 || (place > 0 && (IsOfName(line[place - 1]) || line[place - 1] is '.' or '@')))
        {
            return false;
        }

        var behind = place + name.Length;
        return behind == line.Length
            || !(IsOfName(line[behind]) || line[behind] == '(' || string.CompareOrdinal(line, behind, " {", 0, 2) == 0);
    }

    private static bool IsOfName(char character) => char.IsLetterOrDigit(character) || character == '_';
}
