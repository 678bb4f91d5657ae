using System.Text.Json;
using System.Text.Json.Serialization;

namespace RankPool.Descriptors;

/// <summary>
/// A folder of descriptors in the making. A block of files is one matrix with a list of what its rows are; the matrix is moved into its place last, so a block
/// is there as a whole or not at all, whenever the program ends.
/// </summary>
public sealed class DescriptorFolder
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly string blocks;

    /// <param name="path">The folder; it need not exist.</param>
    public DescriptorFolder(string path) => (Path, blocks) = (path, System.IO.Path.Combine(path, "blocks"));

    public string Path { get; }

    /// <summary>All descriptors, a row each.</summary>
    public string MatrixFile => System.IO.Path.Combine(Path, "descriptors.npy");

    /// <summary>The names of the rows, a line each.</summary>
    public string NamesFile => System.IO.Path.Combine(Path, "names.txt");

    /// <summary>Name and reason of every sequence that was left out.</summary>
    public string SkippedFile => System.IO.Path.Combine(Path, "skipped.csv");

    private string SettingsFile => System.IO.Path.Combine(Path, "settings.json");

    /// <summary>Begins, or goes on where a run under the same settings has ended.</summary>
    /// <exception cref="UsageException">The folder holds work under other settings.</exception>
    /// <exception cref="DataException">The folder cannot be written.</exception>
    public void Begin(DescriptorSettings settings)
    {
        var text = JsonSerializer.Serialize(settings, Json);
        if (ReadSettings() is { } before)
        {
            if (before != text)
                throw new UsageException($"--out holds work under other settings, which stand in '{SettingsFile}'; use the same options, or another folder.");
            return;
        }
        DescriptorFiles.Write(SettingsFile, stream => stream.Write(JsonSerializer.SerializeToUtf8Bytes(settings, Json)));
    }

    /// <summary>The settings as text, or null where work has not begun.</summary>
    public string? ReadSettings() => File.Exists(SettingsFile) ? DescriptorFiles.Read(SettingsFile, File.ReadAllText) : null;

    /// <summary>How many parts the work is divided into.</summary>
    public int Shards => DescriptorFiles.Read(SettingsFile, file => JsonSerializer.Deserialize<DescriptorSettings>(File.ReadAllText(file), Json)!.Shards);

    /// <summary>What a block's rows are; null where it is not there yet.</summary>
    public DescriptorBlock? ReadBlock(int number) => File.Exists(BlockFile(number, "npy"))
        ? DescriptorFiles.Read(BlockFile(number, "json"), file => JsonSerializer.Deserialize<DescriptorBlock>(File.ReadAllBytes(file), Json)!)
        : null;

    /// <summary>A block's descriptors in row-major order; the caller disposes the stream.</summary>
    public Stream OpenRows(int number) => DescriptorFiles.Read(BlockFile(number, "npy"), file =>
    {
        var stream = File.OpenRead(file);
        NpyHeader.Read(stream);
        return stream;
    });

    /// <summary>Writes a block.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="pool">Makes it: hands on the bytes of each descriptor as it is made, so that they need not be held, and says in the end what they are.</param>
    /// <exception cref="DataException">It cannot be written.</exception>
    public DescriptorBlock WriteBlock(int number, Func<Action<byte[]>, DescriptorBlock> pool)
    {
        DescriptorBlock? block = null;
        DescriptorFiles.Write(BlockFile(number, "npy"), stream =>
        {
            // A header of that length, until the number of descriptors is known.
            NpyHeader.Write(stream, "<f4", 0, 0);
            block = pool(row => stream.Write(row));
            DescriptorFiles.Write(BlockFile(number, "json"), notes => JsonSerializer.Serialize(notes, block, Json));
            stream.Position = 0;
            NpyHeader.Write(stream, block.NumpyType, block.Names.Count, block.Width);
        });
        return block!;
    }

    /// <summary>Notes that all blocks of a shard are there.</summary>
    public void FinishShard(int shard, int shards, int blockCount) =>
        DescriptorFiles.Write(ShardFile(shard, shards), stream => JsonSerializer.Serialize(stream, blockCount));

    /// <summary>The number of blocks of the whole work, as a finished shard has counted them; null where the shard has not finished.</summary>
    public int? BlockCount(int shard, int shards) => File.Exists(ShardFile(shard, shards))
        ? DescriptorFiles.Read(ShardFile(shard, shards), file => JsonSerializer.Deserialize<int>(File.ReadAllBytes(file)))
        : null;

    /// <summary>Removes what the finished descriptors were put together from.</summary>
    public void RemoveBlocks()
    {
        if (Directory.Exists(blocks))
            Directory.Delete(blocks, recursive: true);
    }

    private string BlockFile(int number, string ending) => System.IO.Path.Combine(blocks, FormattableString.Invariant($"block-{number:00000000}.{ending}"));

    private string ShardFile(int shard, int shards) => System.IO.Path.Combine(blocks, FormattableString.Invariant($"shard-{shard}-of-{shards}.json"));
}
