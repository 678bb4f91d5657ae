namespace ArgminLayers.Generator.Lowering;

/// <summary>Spellings of a name.</summary>
internal static class NameForms
{
    /// <summary>epsilon → Epsilon.</summary>
    public static string Pascal(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name.Substring(1);

    /// <summary>Epsilon → epsilon.</summary>
    public static string Camel(string name) => name.Length == 0 ? name : char.ToLowerInvariant(name[0]) + name.Substring(1);
}
