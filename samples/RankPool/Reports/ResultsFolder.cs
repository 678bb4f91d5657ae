using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RankPool.Data;
using RankPool.Files;
using RankPool.Networks;
using RankPool.Weights;
using Spectre.Console;

namespace RankPool.Reports;

/// <summary>The folder that an experiment's results go to. Every file is replaced as a whole or not at all.</summary>
public sealed class ResultsFolder(string path)
{
    private const int MostSkippedLines = 10;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>A list with an entry for every finished pooling.</summary>
    public string ResultsFile { get; } = Path.Combine(path, "results.json");

    /// <summary>A picture of accuracy and loss over the epochs.</summary>
    public string CurvesFile { get; } = Path.Combine(path, "learning-curves.svg");

    /// <summary>What was run: data, seed and all settings.</summary>
    public string SettingsFile { get; } = Path.Combine(path, "settings.json");

    /// <summary>The clips that were left out, where there are any.</summary>
    public string SkippedFile { get; } = Path.Combine(path, "skipped.json");

    /// <summary>Where a pooling's training goes on from.</summary>
    public string CheckpointFile(PoolingChoice choice) => Path.Combine(path, "checkpoints", Slug(choice) + TensorFile.SafetensorsExtension);

    /// <summary>The weights of a pooling's trained network.</summary>
    public string WeightsFile(PoolingChoice choice) => Path.Combine(path, "weights", Slug(choice) + TensorFile.SafetensorsExtension);

    /// <summary>Where TensorBoard finds the curves of a pooling.</summary>
    public string EventsFolder(PoolingChoice choice) => Path.Combine(path, "tensorboard", Slug(choice));

    /// <summary>A choice as a part of a file's name.</summary>
    public static string Slug(PoolingChoice choice) =>
        string.Join('-', choice.ToString().Split([' ', '(', ')', ',', '/'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The results as JSON: a list of <c>pooling, hessian, accuracy, chance, framesPerSecond, epochs, seconds</c>.</summary>
    public static string ToJson(IEnumerable<Result> results) => JsonSerializer.Serialize(
        results.Select(result => new
        {
            result.Choice.Pooling,
            result.Choice.Hessian,
            // Not more digits than a few thousand videos can give.
            Accuracy = Math.Round(result.Training.Accuracy, 6),
            result.Chance,
            result.Training.FramesPerSecond,
            Epochs = result.Training.Epochs.Count,
            result.Training.Seconds,
        }),
        Json);

    /// <summary>Removes an earlier run's results, which would not belong to the settings of this one, and writes these.</summary>
    /// <exception cref="DataException">A file cannot be written.</exception>
    public void Begin(object settings)
    {
        AtomicFile.Write(SettingsFile, JsonSerializer.Serialize(settings, Json) + "\n");
        File.Delete(ResultsFile);
        File.Delete(CurvesFile);
        File.Delete(SkippedFile);
    }

    /// <exception cref="DataException">The file cannot be written.</exception>
    public void WriteResults(IEnumerable<Result> results) => AtomicFile.Write(ResultsFile, ToJson(results) + "\n");

    /// <summary>Tells which clips were left out, and writes it.</summary>
    /// <exception cref="DataException">The file cannot be written.</exception>
    public void WriteSkipped(IAnsiConsole console, IReadOnlyList<SkippedFile> files)
    {
        AtomicFile.Write(SkippedFile, JsonSerializer.Serialize(files, Json) + "\n");
        Terminal.WriteLine(console, FormattableString.Invariant($"Left out: {files.Count} clips, listed in {SkippedFile}"));
        foreach (var file in files.Take(MostSkippedLines))
            Terminal.WriteLine(console, "  " + file.Reason);
    }

    /// <inheritdoc cref="WriteResults"/>
    public void WriteLearningCurves(IReadOnlyList<Result> results, VideoDataSet data) =>
        AtomicFile.Write(CurvesFile, LearningCurves.ToSvg(results, data));
}
