using System.CommandLine;
using RankPool.Data;
using RankPool.Data.Reversible;
using RankPool.Networks;
using RankPool.Training;
using TorchSharp;
using static RankPool.Commands.CommandOptions;

namespace RankPool.Commands;

/// <summary>What <c>compare</c> and <c>train</c> have in common on the command line.</summary>
internal sealed class ExperimentOptions
{
    private const int StandardScenes = 40;

    private readonly DataOptions data = new(embedded: true);

    private readonly Option<string> evaluateOn = Word(
        "--evaluate-on", "The videos to judge on. Settings are to be chosen on validation videos.", "test", "test", "validation");

    private readonly Option<int?> scenes = Whole(
        "--scenes", $"Rendered scenes per motion for training, half as many for evaluation; each gives two videos. [default: {StandardScenes}]", 2, 10_000);

    private readonly Option<string> net = Word(
        "--net", "The network that sees one frame at a time.", NetworkChoice.Tiny.Name, [.. NetworkChoice.All.Select(choice => choice.Name)]);

    private readonly Option<int?> frameSide = Whole(
        "--frame-side",
        "Pixels to which the frames of a data set on disk are resized, in width and height. [default: "
            + string.Join(", ", NetworkChoice.All.Select(choice => $"{choice.FrameSide} for {choice.Name}")) + "]", 8, 512);

    private readonly Option<int?> framesPerChunk = Whole(
        "--frames-per-chunk",
        "Most frames that go through the network at once; longer videos are computed once more in the backward pass, so that memory does not grow with them. [default: "
            + string.Join(", ", NetworkChoice.All.Select(choice => $"{choice.FramesPerChunk} for {choice.Name}")) + "]", 1);

    private readonly Option<int?> seed = Whole("--seed", "Decides the rendered videos, the first weights and the order of training. [default: 0]", 0);
    private readonly Option<int?> epochs = Whole(
        "--epochs", "Passes over the training videos." + Standard(settings => settings.Epochs), 1, 100_000);

    private readonly Option<int?> batchSize = Whole(
        "--batch-size", "Videos per training step." + Standard(settings => settings.BatchSize), 1, 100_000);

    private readonly Option<double?> learningRate = Positive(
        "--learning-rate", "Adam's first learning rate; it falls to a tenth." + Standard(settings => settings.LearningRate));

    private readonly Option<int?> features = Whole(
        "--features", "Features per frame of the tiny network." + Standard(settings => settings.FeatureCount), 1, 65_536);

    private readonly Option<double?> c = Positive(
        "--C", "Rank pooling's weight of the regression loss." + Standard(settings => settings.C));

    private readonly Option<double?> epsilon = NotNegative(
        "--epsilon", "Half-width of the band in which rank pooling's regression costs nothing." + Standard(settings => settings.Epsilon));

    private readonly Option<string> device = Word("--device", "Where to compute.", "cpu", "cpu", "cuda");
    private readonly Option<string?> output = Folder("--out", "Where results go. [default: artifacts/NAME OF THE COMMAND]");

    private readonly Option<bool> json = new("--json")
    {
        Description = "Print the results as JSON on standard output, and everything else on standard error.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        data.AddTo(command);
        foreach (var option in (Option[])
            [evaluateOn, scenes, net, frameSide, framesPerChunk, seed, epochs, batchSize, learningRate, features, c, epsilon, device, output, json])
        {
            command.Add(option);
        }
    }

    /// <summary>Reads what was given.</summary>
    /// <exception cref="UsageException">Options contradict each other, or the device is not there.</exception>
    public Experiment Read(ParseResult arguments, string name)
    {
        var request = data.Read(arguments);
        var onDisk = request is not null;
        Refuse(arguments, frameSide, !onDisk, "belongs to data on disk; add for example --data ucf-sports");
        Refuse(arguments, scenes, onDisk, "belongs to --data reversible");

        var standard = onDisk ? TrainingSettings.OnDisk : TrainingSettings.Embedded;
        var network = NetworkChoice.Of(arguments.GetRequiredValue(net));
        if (!onDisk && network != NetworkChoice.Tiny)
            throw new UsageException($"--net {network.Name} needs frames in colour of at least {network.LeastFrameSide} pixels, and --data reversible has none; use --net tiny or data on disk.");
        if (network.FeatureCount is { } fixedCount)
            Refuse(arguments, features, true, $"belongs to --net tiny; {network.Name} has {fixedCount} features");
        var side = arguments.GetValue(frameSide) ?? network.FrameSide;
        if (side < network.LeastFrameSide)
            throw new UsageException(FormattableString.Invariant($"--frame-side is {side}; --net {network.Name} needs at least {network.LeastFrameSide}."));
        var rate = arguments.GetValue(learningRate) ?? standard.LearningRate;
        return new Experiment
        {
            Data = request,
            Cache = data.ReadCache(arguments),
            Evaluation = arguments.GetRequiredValue(evaluateOn) == "test" ? Evaluation.Test : Evaluation.Validation,
            Scenes = onDisk ? null : arguments.GetValue(scenes) ?? StandardScenes,
            FrameSize = new FrameSize(side, side, 3),
            Seed = arguments.GetValue(seed) ?? 0,
            Device = ReadDevice(arguments.GetRequiredValue(device)),
            Output = arguments.GetValue(output) ?? Path.Combine("artifacts", name),
            Json = arguments.GetValue(json),
            Settings = standard with
            {
                Epochs = arguments.GetValue(epochs) ?? standard.Epochs,
                BatchSize = arguments.GetValue(batchSize) ?? standard.BatchSize,
                LearningRate = rate,
                FinalLearningRate = rate / 10,
                Network = network.Name,
                FramesPerChunk = arguments.GetValue(framesPerChunk) ?? network.FramesPerChunk,
                FeatureCount = network.FeatureCount ?? arguments.GetValue(features) ?? standard.FeatureCount,
                C = arguments.GetValue(c) ?? standard.C,
                Epsilon = arguments.GetValue(epsilon) ?? standard.Epsilon,
            },
        };
    }

    private static string Standard(Func<TrainingSettings, IFormattable> setting)
    {
        var (embedded, onDisk) = (setting(TrainingSettings.Embedded), setting(TrainingSettings.OnDisk));
        return embedded.Equals(onDisk)
            ? FormattableString.Invariant($" [default: {embedded}]")
            : FormattableString.Invariant($" [default: {embedded}; {onDisk} for data on disk]");
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
