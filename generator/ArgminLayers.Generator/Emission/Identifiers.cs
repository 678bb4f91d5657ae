using System.Collections.Generic;
using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace ArgminLayers.Generator.Emission;

/// <summary>Names that differ from each other and from keywords.</summary>
internal sealed class Identifiers
{
    private readonly HashSet<string> taken = new();
    private readonly Dictionary<string, int> last = new();

    public Identifiers(IEnumerable<string> reserved)
    {
        foreach (var name in reserved)
        {
            taken.Add(name);
        }
    }

    /// <summary>A name like the wish that nothing else has.</summary>
    public string Unique(string wish)
    {
        var name = wish;
        for (var number = last.TryGetValue(wish, out var known) ? known : 1; !taken.Add(name); last[wish] = number)
        {
            name = wish + (++number).ToString(CultureInfo.InvariantCulture);
        }

        return Escape(name);
    }

    /// <summary>The name as C# wants it: with an @ where it is a keyword.</summary>
    public static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None ? "@" + name : name;
}
