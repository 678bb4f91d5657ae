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

    /// <summary>What another writer has, further in.</summary>
    public void Lines(SourceWriter other)
    {
        var lines = other.text.ToString();
        var end = lines.Length;
        while (end > 0 && lines[end - 1] == '\n')
        {
            end--;
        }

        // Line by line off one text: an array of all lines of a long file is as large as the file.
        for (var start = 0; start < end;)
        {
            var stop = lines.IndexOf('\n', start, end - start);
            stop = stop < 0 ? end : stop;
            if (stop > start)
            {
                text.Append(' ', 4 * depth).Append(lines, start, stop - start);
            }

            text.Append('\n');
            start = stop + 1;
        }
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
