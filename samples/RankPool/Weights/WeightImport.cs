using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Weights;

/// <summary>What came of loading a weights file into a frame network.</summary>
/// <param name="File">The file.</param>
/// <param name="Loaded">Tensors that the network has taken.</param>
/// <param name="Classifier">Tensors of the file's classifier, which the frame network has no place for.</param>
/// <param name="Unknown">Tensors of the file that belong to nothing known.</param>
public sealed record WeightImport(string File, int Loaded, IReadOnlyList<string> Classifier, IReadOnlyList<string> Unknown)
{
    /// <summary>Loads a file: ours, torchvision's state dict of AlexNet or ResNet-18, or one with the names of the layers here.</summary>
    /// <param name="network">The network whose weights are replaced. Nothing is replaced when the file does not fit.</param>
    /// <param name="file">A file that <see cref="TensorFile.Read"/> reads.</param>
    /// <exception cref="DataException">The file cannot be read, or is not of this network; the message names every tensor that does not fit.</exception>
    public static WeightImport Into(nn.Module network, string file)
    {
        using var scope = NewDisposeScope();
        using var source = TensorFile.Read(file);
        var target = network.state_dict();
        var found = new Dictionary<string, Tensor>();
        var (classifier, unknown, problems) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var (name, tensor) in source.Tensors)
        {
            var own = NameMap.ToOwn(name);
            if (NameMap.IsCounter(own))
                continue;
            if (!target.TryGetValue(own, out var place))
                (NameMap.IsClassifier(name) ? classifier : unknown).Add(name);
            else if (!tensor.shape.SequenceEqual(place.shape))
                problems.Add($"{name} is {Shape(tensor)} and should be {Shape(place)}");
            else if (!found.TryAdd(own, tensor))
                problems.Add($"{name} is there under a second name");
        }
        var missing = target.Keys.Where(name => !NameMap.IsCounter(name) && !found.ContainsKey(name)
            && !source.Tensors.Keys.Any(theirs => NameMap.ToOwn(theirs) == name)).ToList();
        if (missing.Count > 0)
            problems.Add("there is no " + string.Join(", ", missing));
        if (problems.Count > 0)
            throw new DataException($"The weights file '{file}' is not of the network {network.GetName()}: {string.Join("; ", problems)}.");

        using var noGradient = no_grad();
        foreach (var (name, tensor) in found)
            target[name].copy_(tensor);
        return new WeightImport(file, found.Count, classifier, unknown);
    }

    /// <summary>What was loaded, and what was left, in one line.</summary>
    public override string ToString()
    {
        var text = FormattableString.Invariant($"Weights: {Loaded} tensors from '{File}'");
        if (Classifier.Count > 0)
            text += $"; its classifier ({string.Join(", ", Classifier)}) is not used";
        if (Unknown.Count > 0)
            text += $"; unknown and not used: {string.Join(", ", Unknown)}";
        return text;
    }

    private static string Shape(Tensor tensor) => $"({string.Join(", ", tensor.shape)})";
}
