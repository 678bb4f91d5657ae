using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Descriptors;

/// <summary>
/// Reads sequences: <c>.npy</c> and <c>.npz</c> as NumPy writes them (any version, byte order and memory order; whole numbers and half
/// precision are converted), and <c>.csv</c> with a line per frame and commas between features.
/// </summary>
/// <param name="type">The type to compute in, float32 or float64.</param>
public sealed class SequenceReader(ScalarType type)
{
    /// <summary>The endings of file names that are read.</summary>
    public static IReadOnlyList<string> Endings { get; } = [".npy", ".npz", ".csv"];

    /// <summary>The sequences of a file, one at a time, each as a sequence or as a reason why it is none.</summary>
    /// <param name="root">The folder that names are relative to.</param>
    /// <param name="file">The path below it.</param>
    public IEnumerable<(Sequence? Sequence, Skipped? Bad)> Read(string root, string file)
    {
        var path = Path.Combine(root, file);
        if (!file.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            yield return Try(file, path, () =>
            {
                if (file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
                    return ReadCsv(path);
                using var stream = File.OpenRead(path);
                return ReadArray(stream, stream.Length);
            });
            yield break;
        }

        ZipArchive? archive = null;
        var (_, bad) = Try(file, path, () =>
        {
            archive = ZipFile.OpenRead(path);
            return archive.Entries.Count > 0 ? null : throw new FormatException("it holds no array");
        });
        using var _archive = archive;
        if (bad is not null)
        {
            yield return (null, bad);
            yield break;
        }
        foreach (var entry in archive!.Entries)
        {
            var key = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
            yield return Try($"{file}/{key}", $"{path}/{key}", () =>
            {
                using var stream = entry.Open();
                return ReadArray(stream, entry.Length);
            });
        }
    }

    /// <summary>Runs a read, and turns what can be wrong with a file into a sentence that names it.</summary>
    private static (Sequence? Sequence, Skipped? Bad) Try(string name, string path, Func<Tensor?> read)
    {
        try
        {
            return (read() is { } frames ? new Sequence(name, frames) : null, null);
        }
        catch (OutOfMemoryException)
        {
            return (null, new(name, $"'{path}' does not fit into memory."));
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or FormatException or UnauthorizedAccessException or OverflowException)
        {
            return (null, new(name, $"'{path}' cannot be used: {(exception is EndOfStreamException ? "it ends early" : exception.Message.Split('\n')[0].Trim().TrimEnd('.'))}."));
        }
    }

    private Tensor ReadArray(Stream stream, long length) => type == ScalarType.Float32
        ? OfMatrix<float>(stream, length, (values, shape) => tensor(values, shape))
        : OfMatrix<double>(stream, length, (values, shape) => tensor(values, shape));

    private static Tensor OfMatrix<T>(Stream stream, long length, Func<T[], long[], Tensor> create)
        where T : unmanaged, INumber<T>
    {
        var matrix = NpyMatrix<T>.Read(stream, length);
        CheckSize(matrix.Rows, matrix.Columns);
        if (!matrix.IsFortran)
            return CheckFinite(create(matrix.Values, [matrix.Rows, matrix.Columns]));
        using var columns = create(matrix.Values, [matrix.Columns, matrix.Rows]);
        using var rows = columns.transpose(0, 1);
        return CheckFinite(rows.contiguous());
    }

    private Tensor ReadCsv(string path)
    {
        var values = new List<double>();
        var (features, lines) = (0, 0);
        foreach (var line in File.ReadLines(path))
        {
            lines++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var before = values.Count;
            foreach (var range in line.AsSpan().Split(','))
            {
                var number = line.AsSpan(range);
                if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                    throw new FormatException(FormattableString.Invariant($"line {lines} has '{number.Trim().ToString()}' where a number belongs"));
                values.Add(value);
            }
            var count = values.Count - before;
            if (features != 0 && count != features)
                throw new FormatException(FormattableString.Invariant($"line {lines} has {count} numbers, and the lines before it have {features}"));
            features = count;
        }
        CheckSize(features == 0 ? 0 : values.Count / features, features);
        return CheckFinite(tensor(values.ToArray(), [values.Count / features, features]).to(type));
    }

    private static void CheckSize(long frames, long features)
    {
        if (frames == 0 || features == 0)
            throw new FormatException(FormattableString.Invariant($"it holds no frame: its shape is ({frames}, {features})"));
    }

    private static Tensor CheckFinite(Tensor frames)
    {
        using var finite = frames.isfinite();
        using var all = finite.all();
        if (all.item<bool>())
            return frames;
        frames.Dispose();
        throw new FormatException("a feature is not a finite number (NaN, infinity, or too large for the type that is computed in)");
    }
}
