using System;
using System.Collections.Generic;
using System.Text;

namespace ArgminLayers.Generator.Emission;

/// <summary>Lines with indentation, which become a text once.</summary>
internal sealed class SourceWriter
{
    private readonly List<(int Depth, string Text)> lines = new();
    private int depth;

    public void Line(string line = "") => lines.Add((depth, line));

    /// <summary>What another writer has, further in.</summary>
    public void Lines(SourceWriter other)
    {
        var count = other.lines.Count;
        while (count > 0 && other.lines[count - 1].Text.Length == 0)
        {
            count--;
        }

        for (var k = 0; k < count; k++)
        {
            lines.Add((depth + other.lines[k].Depth, other.lines[k].Text));
        }
    }

    public IDisposable Indent(string opening = "{", string closing = "}")
    {
        Line(opening);
        depth++;
        return new Closing(this, closing);
    }

    public override string ToString() => ToString(static line => line);

    /// <summary>The text, every line of it changed by a function.</summary>
    public string ToString(Func<string, string> change)
    {
        var text = new StringBuilder();
        foreach (var (indentation, line) in lines)
        {
            if (line.Length > 0)
            {
                text.Append(' ', 4 * indentation).Append(change(line));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private sealed class Closing : IDisposable
    {
        private readonly SourceWriter writer;
        private readonly string closing;

        public Closing(SourceWriter writer, string closing)
        {
            this.writer = writer;
            this.closing = closing;
        }

        public void Dispose()
        {
            writer.depth--;
            writer.Line(closing);
        }
    }
}
