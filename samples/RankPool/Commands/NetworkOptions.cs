using System.CommandLine;
using RankPool.Data;
using RankPool.Networks;
using RankPool.Training;
using TorchSharp;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary>Which frame network, on the command line.</summary>
/// <param name="standard">The network where none is named; null where that depends on other options.</param>
internal sealed class NetworkOptions(NetworkChoice? standard)
{
    private readonly Option<string?> net = OptionalWord(
        "--net", "The network that sees one frame at a time." + (standard is null ? "" : $" [default: {standard.Name}]"), [.. NetworkChoice.All.Select(choice => choice.Name)]);

    private readonly Option<int?> frameSide = Whole(
        "--frame-side",
        "Pixels to which the frames of a data set on disk are resized, in width and height. [default: "
            + string.Join(", ", NetworkChoice.All.Select(choice => $"{choice.FrameSide} for {choice.Name}")) + "]", 8, 512);

    private readonly Option<int?> framesPerChunk = Whole(
        "--frames-per-chunk",
        "Most frames that go through the network at once; longer videos are computed once more in the backward pass, so that memory does not grow with them. [default: "
            + string.Join(", ", NetworkChoice.All.Select(choice => $"{choice.FramesPerChunk} for {choice.Name}")) + "]", 1);

    private readonly Option<int?> features = Whole(
        "--features", $"Features per frame of the tiny network. [default: {TrainingSettings.Embedded.FeatureCount}]", 1, 65_536);

    private readonly Option<string?> weights = new("--weights")
    {
        Description = "The network's first weights: a .safetensors file, torchvision's AlexNet or ResNet-18 for example, or a file of TorchSharp's module.save.", HelpName = "FILE",
    };

    private readonly Option<int?> seed = Whole("--seed", "Decides the rendered videos, the first weights and the order of training. [default: 0]", 0);
    private readonly Option<string> device = Word("--device", "Where to compute.", "cpu", "cpu", "cuda");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[net, frameSide, framesPerChunk, features, weights, seed, device])
            command.Add(option);
    }

    /// <summary>Reads what was given.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="onDisk">Whether frames are read from disk.</param>
    /// <param name="otherwise">The network where none is named.</param>
    /// <exception cref="UsageException">Options contradict each other, or the device is not there.</exception>
    public NetworkRequest Read(ParseResult arguments, bool onDisk, NetworkChoice? otherwise = null)
    {
        Refuse(arguments, frameSide, !onDisk, "belongs to data on disk; add for example --data ucf-sports");
        var network = arguments.GetValue(net) is { } name ? NetworkChoice.Of(name) : (otherwise ?? standard)!;
        if (!onDisk && network != NetworkChoice.Tiny)
            throw new UsageException($"--net {network.Name} needs frames in colour of at least {network.LeastFrameSide} pixels, and --data reversible has none; use --net tiny or data on disk.");
        if (network.FeatureCount is { } fixedCount)
            Refuse(arguments, features, true, $"belongs to --net tiny; {network.Name} has {fixedCount} features");
        var side = arguments.GetValue(frameSide) ?? network.FrameSide;
        if (side < network.LeastFrameSide)
            throw new UsageException(FormattableString.Invariant($"--frame-side is {side}; --net {network.Name} needs at least {network.LeastFrameSide}."));
        return new NetworkRequest(
            network, new FrameSize(side, side, 3), arguments.GetValue(framesPerChunk) ?? network.FramesPerChunk,
            network.FeatureCount ?? arguments.GetValue(features) ?? TrainingSettings.Embedded.FeatureCount,
            arguments.GetValue(weights), arguments.GetValue(seed) ?? 0, ReadDevice(arguments.GetRequiredValue(device)));
    }

    private static DeviceType ReadDevice(string name)
    {
        if (name == "cpu")
            return DeviceType.CPU;
        return torch.cuda.is_available()
            ? DeviceType.CUDA
            : throw new UsageException("--device is cuda, but this machine's libtorch sees no CUDA device; use --device cpu.");
    }
}
