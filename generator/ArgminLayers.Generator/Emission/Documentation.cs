namespace ArgminLayers.Generator.Emission;

/// <summary>Documentation comments.</summary>
internal static class Documentation
{
    /// <summary>An element around XML, on one line where it has one.</summary>
    public static void Element(SourceWriter writer, string name, string xml, string attributes = "")
    {
        var lines = xml.Replace("\r", "").Split('\n');
        if (lines.Length == 1)
        {
            writer.Line($"/// <{name}{attributes}>{lines[0].Trim()}</{name}>");
            return;
        }

        writer.Line($"/// <{name}{attributes}>");
        foreach (var line in lines)
        {
            writer.Line(("/// " + line.Trim()).TrimEnd());
        }

        writer.Line($"/// </{name}>");
    }

    public static void Parameter(SourceWriter writer, string name, string xml) => Element(writer, "param", xml, $" name=\"{name}\"");

    public static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
