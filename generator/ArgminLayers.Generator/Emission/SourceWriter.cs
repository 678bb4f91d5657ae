using System;
using System.Text;

namespace ArgminLayers.Generator.Emission;

/// <summary>Text with indentation.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    public void Line(string line = "")
    {
        if (line.Length > 0)
        {
            text.Append(' ', 4 * depth).Append(line);
        }

        text.Append('\n');
    }

    public IDisposable Indent(string opening = "{", string closing = "}")
    {
        Line(opening);
        depth++;
        return new Closing(this, closing);
    }

    public override string ToString() => text.ToString();

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
