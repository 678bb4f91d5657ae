using System.Globalization;
using System.Text;

namespace TorchSharp;

/// <summary>Writes the elements of a tensor; all three styles look like TorchSharp's.</summary>
internal sealed class TensorPrinter : IDisposable
{
    private const string Ellipsis = "...";

    private readonly torch.Tensor _tensor;
    private readonly torch.Tensor _plain;
    private readonly long[] _shape;
    private readonly Func<long, string> _cell;
    private readonly string _newLine;

    internal TensorPrinter(torch.Tensor tensor, string format, CultureInfo culture, string newLine)
    {
        using var scope = torch.NewDisposeScope();
        _tensor = tensor;
        _shape = tensor.shape;
        _newLine = newLine;
        var plain = tensor.detach().cpu();
        plain = plain.dtype == torch.ScalarType.BFloat16 ? plain.to(torch.ScalarType.Float32) : plain;
        _plain = plain.contiguous().DetachFromDisposeScope();
        _cell = _plain.dtype switch
        {
            torch.ScalarType.Byte => Cells<byte>(null, CultureInfo.InvariantCulture),
            torch.ScalarType.Int8 => Cells<sbyte>(null, CultureInfo.InvariantCulture),
            torch.ScalarType.Int16 => Cells<short>(null, CultureInfo.InvariantCulture),
            torch.ScalarType.Int32 => Cells<int>(null, CultureInfo.InvariantCulture),
            torch.ScalarType.Int64 => Cells<long>(null, CultureInfo.InvariantCulture),
            torch.ScalarType.Float16 => i => ((float)new Utils.TensorAccessor<Half>(_plain).At(i)).ToString(format, culture),
            torch.ScalarType.Float32 => Cells<float>(format, culture),
            torch.ScalarType.Float64 => Cells<double>(format, culture),
            torch.ScalarType.Bool => i => new Utils.TensorAccessor<bool>(_plain).At(i).ToString(culture),
            _ => throw new NotSupportedException($"The elements of a tensor of type {tensor.dtype} cannot be written; use ToString() for its shape."),
        };
    }

    public void Dispose() => _plain.Dispose();

    internal string Numpy() => Nested(0, 0, false, '[', ']', "", (text, below) => Repeat(text, below, _newLine));

    internal string CSharp()
    {
        var text = new StringBuilder(_tensor.ToString()).Append(", value = ");
        if (_shape.Length == 0)
            return text.Append(_cell(0)).ToString();
        string lineBreak = _shape.Length > 1 ? _newLine : "";
        var (name, suffix) = _tensor.dtype switch
        {
            torch.ScalarType.Byte => ("byte", ""),
            torch.ScalarType.Int8 => ("sbyte", ""),
            torch.ScalarType.Int16 => ("short", ""),
            torch.ScalarType.Int32 => ("int", ""),
            torch.ScalarType.Int64 => ("long", "L"),
            torch.ScalarType.Float16 => ("float16", "f"),
            torch.ScalarType.BFloat16 => ("bfloat16", "f"),
            torch.ScalarType.Float32 => ("float", "f"),
            torch.ScalarType.Float64 => ("double", ""),
            _ => ("bool", ""),
        };
        string elements = Nested(0, 0, false, '{', '}', suffix, (t, _) => t.Append(',').Append(_newLine));
        string open = lineBreak.Length > 0 ? "{" + lineBreak + " " : "{";
        return text.Append(lineBreak).Append(name).Append(" [").Append(',', _shape.Length - 1).Append("] ")
            .Append(open).Append(elements.AsSpan(1, elements.Length - 2)).Append(lineBreak).Append('}').ToString();
    }

    internal string Julia(int width)
    {
        var text = new StringBuilder(_tensor.ToString());
        switch (_shape.Length)
        {
            case 0:
                return text.Append(", value = ").Append(_cell(0)).ToString();
            case 1:
                text.Append(_newLine);
                Table(text, [Row(0, _shape[0], width)], _shape[0]);
                break;
            case 2:
                text.Append(_newLine);
                Matrix(text, 0, width);
                break;
            default:
                long matrices = _shape[..^2].TotalSize();
                for (long i = 0; i < matrices; i++)
                {
                    text.Append(_newLine).Append('[').AppendJoin(',', Position(i)).Append(",..,..] =").Append(_newLine);
                    Matrix(text, i * _shape[^2] * _shape[^1], width);
                }
                break;
        }
        return text.ToString();
    }

    private static void Repeat(StringBuilder text, int count, string part)
    {
        for (int i = 0; i < count; i++)
            text.Append(part);
    }

    private Func<long, string> Cells<T>(string? format, CultureInfo culture) where T : unmanaged, IFormattable =>
        i => new Utils.TensorAccessor<T>(_plain).At(i).ToString(format, culture);

    // One dimension after the other in brackets; long ones keep their first and last entries.
    private string Nested(int dim, long start, bool indented, char open, char close, string suffix, Action<StringBuilder, int> between)
    {
        if (dim == _shape.Length)
            return _cell(start) + suffix;
        var text = new StringBuilder().Append(' ', indented ? dim : 0).Append(open);
        bool innermost = dim == _shape.Length - 1;
        int most = innermost ? torch.MostColumns : torch.MostRows;
        long count = _shape[dim], stride = _shape[(dim + 1)..].TotalSize();
        long trailing = count > most ? most / 2 : 0, leading = count > most ? most - most / 2 : count;
        for (long i = 0; i < count; i++)
        {
            if (i == leading && trailing > 0)
            {
                i = count - trailing;
                text.Append(innermost ? Ellipsis + " " : new string(' ', dim) + " " + Ellipsis);
                if (!innermost)
                    Break(text, between, dim);
            }
            text.Append(Nested(dim + 1, start + i * stride, !innermost && i > 0, open, close, suffix, between));
            if (i == count - 1)
                continue;
            if (innermost)
                text.Append(", ");
            else
                between(text, _shape.Length - dim - 1);
        }
        return text.Append(close).ToString();
    }

    private void Break(StringBuilder text, Action<StringBuilder, int> between, int dim)
    {
        int before = text.Length;
        between(text, _shape.Length - dim - 1);
        if (text[before] == ',')
            text.Remove(before, 1);
    }

    private IEnumerable<long> Position(long matrix)
    {
        var position = new long[_shape.Length - 2];
        for (int i = position.Length - 1; i >= 0; i--)
            matrix = Math.DivRem(matrix, _shape[i], out position[i]);
        return position;
    }

    private void Matrix(StringBuilder text, long start, int width) =>
        Table(text, [.. Enumerable.Range(0, (int)_shape[^2]).Select(i => Row(start + i * _shape[^1], _shape[^1], width))], _shape[^1]);

    // As many cells as fit on a line with an ellipsis after them.
    private List<string> Row(long start, long count, int width)
    {
        var row = new List<string>();
        for (long i = 0; i < count; i++)
        {
            string cell = _cell(start + i);
            if (width - cell.Length - Ellipsis.Length - 1 < 0)
                break;
            row.Add(cell);
            width -= cell.Length + 1;
        }
        return row;
    }

    private void Table(StringBuilder text, List<List<string>> rows, long columns)
    {
        if (rows.Count == 0)
            return;
        int shown = rows.Min(r => r.Count);
        int[] widths = [.. Enumerable.Range(0, shown).Select(j => rows.Max(r => r[j].Length))];
        foreach (var row in rows)
        {
            for (int j = 0; j < shown; j++)
                text.Append(' ').Append(row[j].PadLeft(widths[j]));
            if (shown < columns)
                text.Append(' ').Append(Ellipsis);
            text.Append(_newLine);
        }
    }
}
