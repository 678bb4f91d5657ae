using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using RankPool.Files;
using RankPool.Weights;

namespace RankPool.Reproduction;

/// <summary>The folder of a reproduction: a file for every run that is done, and what the runs leave. Every file is there as a whole or not at all.</summary>
public sealed class ReproductionFolder(string path)
{
    /// <summary>How everything here is written as JSON.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    public string SettingsFile => Path.Combine(path, "settings.json");

    public string ReportFile => Path.Combine(path, "report.html");

    public string ResultsFile => Path.Combine(path, "results.json");

    public string TableFile => Path.Combine(path, "results.csv");

    public string CheckpointFile(string row, int seed) => InFolder("checkpoints", row, seed, TensorFile.SafetensorsExtension);

    public string WeightsFile(string row, int seed) => InFolder("weights", row, seed, TensorFile.SafetensorsExtension);

    public string EventsFolder(string row, int seed) => InFolder("tensorboard", row, seed, "");

    public string FeatureFolder(string kind, int seed) => InFolder("features", kind, seed, "");

    /// <summary>Begins, or goes on with, a reproduction.</summary>
    /// <exception cref="DataException">The folder holds one with other settings, or cannot be written to.</exception>
    public void Begin(object settings)
    {
        var text = JsonSerializer.Serialize(settings, Json);
        if (File.Exists(SettingsFile) && !JsonNode.DeepEquals(ReadJson(SettingsFile, json => JsonNode.Parse(json)), JsonNode.Parse(text)))
            throw new DataException($"'{path}' holds rows of other settings ('{SettingsFile}' says which); choose another --out, or delete it.");
        AtomicFile.Write(SettingsFile, text);
    }

    /// <summary>A run that is done; null where it is not.</summary>
    /// <exception cref="DataException">Its file cannot be read.</exception>
    public RowRun? Read(PaperRow row, int seed)
    {
        var file = RunFile(row.Id, seed);
        return File.Exists(file) ? ReadJson(file, text => JsonSerializer.Deserialize<RowRun>(text, Json)) : null;
    }

    /// <summary>Writes a run that is done.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void Write(RowRun run) => AtomicFile.Write(RunFile(run.Row, run.Seed), JsonSerializer.Serialize(run, Json));

    private static T? ReadJson<T>(string file, Func<string, T?> parse)
    {
        try
        {
            return parse(File.ReadAllText(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new DataException($"'{file}' cannot be read; delete it, and what it held is made again: {exception.Message}", exception);
        }
    }

    private string RunFile(string row, int seed) => InFolder("rows", row, seed, ".json");

    private string InFolder(string kind, string row, int seed, string ending) =>
        Path.Combine(path, kind, FormattableString.Invariant($"{row}-seed{seed}{ending}"));
}
