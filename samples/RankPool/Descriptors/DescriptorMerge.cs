using System.Globalization;

namespace RankPool.Descriptors;

/// <summary>Puts the blocks of all shards together, the names of one block in memory at a time: one matrix, the names of its rows, and what was left out.</summary>
public static class DescriptorMerge
{
    /// <summary>Merges.</summary>
    /// <param name="parts">The folders of the shards; shards may share one.</param>
    /// <param name="target">Where the descriptors go.</param>
    /// <param name="interrupted">Set when the user wants to stop.</param>
    /// <returns>The numbers of rows and of skipped sequences.</returns>
    /// <exception cref="DataException">A shard is missing or has not finished, or shards do not belong together.</exception>
    public static (long Rows, long Skipped) Run(IReadOnlyList<DescriptorFolder> parts, DescriptorFolder target, CancellationToken interrupted)
    {
        var settings = parts.Select(part => part.ReadSettings() ?? throw new DataException($"'{part.Path}' holds no work of 'rankpool pool'.")).ToArray();
        for (var i = 1; i < parts.Count; i++)
        {
            if (settings[i] != settings[0])
                throw new DataException($"'{parts[i].Path}' was made under other settings than '{parts[0].Path}'; compare their settings.json.");
        }
        var blocks = Locate(parts, parts[0].Shards);

        var (rows, skipped, type) = (0L, 0L, "");
        (long Features, long Width) size = (0, 0);
        foreach (var (part, number, block) in blocks())
        {
            if (block.Names.Count > 0 && size.Width > 0 && block.FeatureCount != size.Features)
            {
                throw new DataException(FormattableString.Invariant(
                    $"'{block.Names[0]}' in '{part.Path}' has {block.FeatureCount} features a frame, and sequences before it have {size.Features}; all sequences need the same number."));
            }
            if (block.Names.Count > 0)
                size = (block.FeatureCount, block.Width);
            (rows, skipped, type) = (rows + block.Names.Count, skipped + block.Skipped.Count, block.NumpyType);
        }

        DescriptorFiles.Write(target.NamesFile, stream => WriteLines(stream, blocks().SelectMany(block => block.Block.Names)));
        DescriptorFiles.Write(target.SkippedFile, stream => WriteLines(
            stream, blocks().SelectMany(block => block.Block.Skipped).Select(one => $"{Quoted(one.Name)},{Quoted(one.Reason)}").Prepend("name,reason")));
        DescriptorFiles.Write(target.MatrixFile, stream =>
        {
            NpyHeader.Write(stream, type, rows, size.Width);
            foreach (var (part, number, block) in blocks())
            {
                interrupted.ThrowIfCancellationRequested();
                using var descriptors = part.OpenRows(number);
                descriptors.CopyTo(stream);
            }
        });
        return (rows, skipped);
    }

    /// <summary>The blocks in order, each time anew from the disk.</summary>
    private static Func<IEnumerable<(DescriptorFolder Part, int Number, DescriptorBlock Block)>> Locate(IReadOnlyList<DescriptorFolder> parts, int shards)
    {
        var counts = new int[shards];
        for (var shard = 1; shard <= shards; shard++)
        {
            counts[shard - 1] = parts.Select(part => part.BlockCount(shard, shards)).FirstOrDefault(count => count is not null) ?? throw new DataException(
                string.Create(CultureInfo.InvariantCulture, $"Shard {shard}/{shards} has not finished; run 'rankpool pool' with --shard {shard}/{shards} again, and name its folder with --in."));
            if (counts[shard - 1] != counts[0])
                throw new DataException(string.Create(CultureInfo.InvariantCulture, $"Shard {shard}/{shards} saw another list of files than shard 1/{shards}: {counts[shard - 1]} blocks and not {counts[0]}."));
        }
        return () => Enumerable.Range(0, counts[0]).Select(number => parts
            .Select(part => (Part: part, Number: number, Block: part.ReadBlock(number)!))
            .FirstOrDefault(found => found.Block is not null) is { Block: not null } found
                ? found
                : throw new DataException(string.Create(CultureInfo.InvariantCulture, $"Block {number} of the work in '{parts[0].Path}' is missing; run 'rankpool pool' again.")));
    }

    private static void WriteLines(Stream stream, IEnumerable<string> lines)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        foreach (var line in lines)
            writer.WriteLine(line);
    }

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
