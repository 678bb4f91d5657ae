using System;
using System.Text;

namespace ArgminLayers.Generator.Emission;

/// <summary>
/// The names Tensor and Scalar written out. A layer in the global namespace has no namespace of its own to declare them in, and at the top of a file they
/// would meet a consumer's global aliases (CS1537).
/// </summary>
internal static class FullNames
{
    private static readonly (string Name, string Full)[] Types = { ("Tensor", "global::TorchSharp.torch.Tensor"), ("Scalar", "global::TorchSharp.Scalar") };

    /// <summary>The source with full names everywhere but in comments.</summary>
    public static string In(string source)
    {
        var text = new StringBuilder(source.Length + (source.Length / 4));
        for (int start = 0, end; start < source.Length; start = end)
        {
            end = source.IndexOf('\n', start) + 1;
            end = end == 0 ? source.Length : end;
            Append(text, source, start, end);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string source, int start, int end)
    {
        var first = start;
        while (first < end && source[first] == ' ')
        {
            first++;
        }

        var isComment = string.CompareOrdinal(source, first, "//", 0, 2) == 0;
        var copied = start;
        for (var k = first; !isComment && k < end; k++)
        {
            if (source[k] is not ('T' or 'S'))
            {
                continue;
            }

            foreach (var (name, full) in Types)
            {
                if (IsType(source, k, name))
                {
                    text.Append(source, copied, k - copied).Append(full);
                    copied = k + name.Length;
                }
            }
        }

        text.Append(source, copied, end - copied);
    }

    /// <summary>Whether a type's name stands there: not behind a dot or inside a longer name, not a member's name, which a parenthesis or a brace follows.</summary>
    private static bool IsType(string source, int place, string name)
    {
        if (string.CompareOrdinal(source, place, name, 0, name.Length) != 0 || (place > 0 && (IsOfName(source[place - 1]) || source[place - 1] is '.' or '@')))
        {
            return false;
        }

        var behind = place + name.Length;
        return behind == source.Length
            || !(IsOfName(source[behind]) || source[behind] == '(' || string.CompareOrdinal(source, behind, " {", 0, 2) == 0);
    }

    private static bool IsOfName(char character) => char.IsLetterOrDigit(character) || character == '_';
}
