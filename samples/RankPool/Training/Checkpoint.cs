using System.Text.Json;
using System.Text.Json.Nodes;
using RankPool.Files;
using RankPool.Training.Optimizers;
using RankPool.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Training;

/// <summary>
/// A file from which training goes on as if it had never stopped: weights, the optimizer's moments and the state of the run, with the settings that it belongs to. It is replaced as a
/// whole or not at all, so that there is always a valid one.
/// </summary>
/// <param name="file">The file, of the safetensors format.</param>
/// <param name="settings">What the run depends on. A run with other settings cannot go on from it.</param>
public sealed class Checkpoint(string file, object settings)
{
    private const string ModelPrefix = "model.";
    private const string StateNote = "state";
    private const string SettingsNote = "settings";

    private readonly JsonNode settings = JsonSerializer.SerializeToNode(settings)!;

    /// <summary>Its file.</summary>
    public string File => file;

    public bool Exists => System.IO.File.Exists(file);

    /// <summary>Replaces the file.</summary>
    /// <exception cref="DataException">The file cannot be written; the earlier one is still there.</exception>
    public void Save(nn.Module model, Optimizer optimizer, TrainingState state)
    {
        var tensors = model.state_dict().ToDictionary(entry => ModelPrefix + entry.Key, entry => entry.Value);
        foreach (var (i, moment) in optimizer.Moments.Index())
            tensors.Add(Moment(i), moment);
        var notes = new Dictionary<string, string> { [StateNote] = JsonSerializer.Serialize(state), [SettingsNote] = settings.ToJsonString() };
        AtomicFile.Write(file, stream => Safetensors.Write(stream, tensors, notes));
    }

    /// <summary>Puts a model and an optimizer into the state of the file.</summary>
    /// <exception cref="DataException">The file is no checkpoint, or one of other settings; the message names them.</exception>
    public TrainingState Load(nn.Module model, Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        using var read = TensorFile.Read(file);
        if (!read.Notes.TryGetValue(StateNote, out var stateText) || !read.Notes.TryGetValue(SettingsNote, out var settingsText))
            throw new DataException($"'{file}' is no checkpoint.");
        if (Difference("", JsonNode.Parse(settingsText), settings) is { } difference)
            throw new DataException($"The checkpoint '{file}' belongs to other settings: {difference}. Use these, or another --out, or leave --resume out.");

        using var noGradient = no_grad();
        foreach (var (name, target) in model.state_dict())
            Copy(read, ModelPrefix + name, target);
        foreach (var (i, moment) in optimizer.Moments.Index())
            Copy(read, Moment(i), moment);
        var state = JsonSerializer.Deserialize<TrainingState>(stateText)!;
        optimizer.Steps = state.OptimizerSteps;
        return state;
    }

    /// <summary>Whether the file is of a run that has not come to its end. A file that is no checkpoint counts as none.</summary>
    public bool IsUnfinished(int epochs)
    {
        if (!Exists)
            return false;
        using var read = TensorFile.Read(file);
        return read.Notes.TryGetValue(StateNote, out var text) && JsonSerializer.Deserialize<TrainingState>(text)!.Epochs.Count < epochs;
    }

    private static string Moment(int i) => FormattableString.Invariant($"optimizer.{i}");

    private void Copy(TensorFile read, string name, Tensor target)
    {
        if (!read.Tensors.TryGetValue(name, out var tensor) || !tensor.shape.SequenceEqual(target.shape))
            throw new DataException($"The checkpoint '{file}' is of another network: '{name}' is missing or of another shape.");
        target.copy_(tensor);
    }

    /// <summary>The first value that differs, as "name is a there and b here".</summary>
    private static string? Difference(string name, JsonNode? there, JsonNode? here)
    {
        if (JsonNode.DeepEquals(there, here))
            return null;
        if (there is not JsonObject first || here is not JsonObject second)
            return $"{name} is {there?.ToJsonString() ?? "nothing"} there and {here?.ToJsonString() ?? "nothing"} here";
        return first.Select(entry => entry.Key).Concat(second.Select(entry => entry.Key)).Distinct()
            .Select(key => Difference(name.Length == 0 ? key : $"{name}.{key}", first[key], second[key])).First(difference => difference is not null);
    }
}
