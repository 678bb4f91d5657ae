using System.Text.RegularExpressions;

namespace ArgminLayers.Generator.Emission;

/// <summary>
/// The names Tensor and Scalar written out. A layer in the global namespace has no namespace of its own to declare them in, and at the top of a file they
/// would meet a consumer's global aliases (CS1537).
/// </summary>
internal static class FullNames
{
    // A type name: not behind a dot or inside a longer name, not a member's name, which a brace follows.
    private static readonly Regex Types = new(@"(?<![\w.@])(Tensor|Scalar)(?![\w(]| \{)", RegexOptions.CultureInvariant);

    /// <summary>The source with full names everywhere but in comments.</summary>
    public static string In(string source)
    {
        var lines = source.Split('\n');
        for (var k = 0; k < lines.Length; k++)
        {
            if (!lines[k].TrimStart().StartsWith("//", System.StringComparison.Ordinal))
            {
                lines[k] = Types.Replace(lines[k], match => match.Value == "Tensor" ? "global::TorchSharp.torch.Tensor" : "global::TorchSharp.Scalar");
            }
        }

        return string.Join("\n", lines);
    }
}
