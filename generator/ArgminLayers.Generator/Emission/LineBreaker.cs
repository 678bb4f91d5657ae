using System.Collections.Generic;

namespace ArgminLayers.Generator.Emission;

/// <summary>Breaks long statements at the calls of their chain.</summary>
internal static class LineBreaker
{
    private const int Longest = 130;

    public static IEnumerable<string> Break(string statement)
    {
        if (statement.Length <= Longest || statement.StartsWith("//", System.StringComparison.Ordinal))
        {
            yield return statement;
            yield break;
        }

        var indent = new string(' ', statement.Length - statement.TrimStart().Length + 4);
        var line = "";
        foreach (var part in Links(statement))
        {
            if (line.Trim().Length > 0 && line.Length + part.Length > Longest && part[0] == '.')
            {
                yield return line;
                line = indent;
            }

            line += part;
        }

        yield return line;
    }

    /// <summary>The statement cut before every call that is not inside the arguments of another one.</summary>
    private static IEnumerable<string> Links(string statement)
    {
        var (depth, start) = (0, 0);
        for (var k = 0; k < statement.Length; k++)
        {
            switch (statement[k])
            {
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' or ']' or '}':
                    depth--;
                    break;

                // A dot behind a closing parenthesis continues a chain.
                case '.' when depth == 0 && k > 0 && statement[k - 1] == ')':
                    yield return statement.Substring(start, k - start);
                    start = k;
                    break;
            }
        }

        yield return statement.Substring(start);
    }
}
