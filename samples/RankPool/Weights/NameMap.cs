using System.Collections.Frozen;

namespace RankPool.Weights;

/// <summary>What other programs call the weights of the networks here.</summary>
internal static class NameMap
{
    /// <summary>The names in torchvision's <c>alexnet</c>. Those of its <c>resnet18</c> are used here too.</summary>
    private static readonly FrozenDictionary<string, string> TorchvisionAlexNet = new Dictionary<string, string>
    {
        ["features.0"] = "conv1", ["features.3"] = "conv2", ["features.6"] = "conv3", ["features.8"] = "conv4", ["features.10"] = "conv5",
        ["classifier.1"] = "fc6", ["classifier.4"] = "fc7",
    }.ToFrozenDictionary();

    /// <summary>The classifiers that stand behind the features in published files and in files of <c>train</c>.</summary>
    private static readonly FrozenSet<string> Classifiers =
        new[] { "classifier", "classifier.6", "fc", "fc8" }.ToFrozenSet();

    /// <summary>A name in a file as the frame network's state dict has it.</summary>
    public static string ToOwn(string name)
    {
        var bare = name.StartsWith("network.", StringComparison.Ordinal) ? name["network.".Length..] : name;
        var (layer, kind) = Split(bare);
        return TorchvisionAlexNet.TryGetValue(layer, out var own) ? own + kind : bare;
    }

    /// <summary>Whether a name in a file belongs to a classifier, which a frame network has none of.</summary>
    public static bool IsClassifier(string name) => Classifiers.Contains(Split(name).Layer);

    /// <summary>Counters of training steps, which nothing here reads.</summary>
    public static bool IsCounter(string name) => name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    private static (string Layer, string Kind) Split(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot < 0 ? (name, "") : (name[..dot], name[dot..]);
    }
}
