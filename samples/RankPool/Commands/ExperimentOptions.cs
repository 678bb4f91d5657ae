using System.CommandLine;
using RankPool.Data;
using RankPool.Data.Layouts;
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
        "--learning-rate", "The first learning rate." + Standard(settings => settings.LearningRate));

    private readonly Option<double?> finalLearningRate = Positive(
        "--final-learning-rate", "The last learning rate; in between it falls by one factor an epoch. [default: a tenth of the first; a hundredth with sgd]");

    private readonly Option<string?> optimizer = OptionalWord(
        "--optimizer", "How weights are moved. [default: adam for the tiny network, sgd for the others]", TrainingSettings.AdamName, TrainingSettings.SgdName);

    private readonly Option<double?> momentum = NotNegative("--momentum", "The momentum of sgd. [default: 0.9]");
    private readonly Option<double?> weightDecay = NotNegative("--weight-decay", "The weight decay of sgd. [default: 0.0005]");

    private readonly Option<string?> loss = OptionalWord(
        "--loss", "What training makes small. [default: cross-entropy; hinge, one class against the rest, where videos have several labels]", [.. Loss.Names]);

    private readonly Option<string?> weights = new("--weights")
    {
        Description = "The network's first weights: a .safetensors file, torchvision's AlexNet or ResNet-18 for example, or a file of TorchSharp's module.save.", HelpName = "FILE",
    };

    private readonly Option<bool> resume = new("--resume") { Description = "Go on from the checkpoints in --out, to the same result as without the stop." };
    private readonly Option<int?> checkpointMinutes = Whole("--checkpoint-minutes", "Longest time between two checkpoints; there is one after every epoch too. [default: 10]", 0, 100_000);

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
            [evaluateOn, scenes, net, frameSide, framesPerChunk, seed, epochs, batchSize, optimizer, learningRate, finalLearningRate,
                momentum, weightDecay, loss, weights, features, c, epsilon, device, output, resume, checkpointMinutes, json])
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

        var network = NetworkChoice.Of(arguments.GetRequiredValue(net));
        if (!onDisk && network != NetworkChoice.Tiny)
            throw new UsageException($"--net {network.Name} needs frames in colour of at least {network.LeastFrameSide} pixels, and --data reversible has none; use --net tiny or data on disk.");
        if (network.FeatureCount is { } fixedCount)
            Refuse(arguments, features, true, $"belongs to --net tiny; {network.Name} has {fixedCount} features");
        var side = arguments.GetValue(frameSide) ?? network.FrameSide;
        if (side < network.LeastFrameSide)
            throw new UsageException(FormattableString.Invariant($"--frame-side is {side}; --net {network.Name} needs at least {network.LeastFrameSide}."));
        var standard = network != NetworkChoice.Tiny || arguments.GetValue(optimizer) == TrainingSettings.SgdName ? TrainingSettings.Paper
            : onDisk ? TrainingSettings.OnDisk : TrainingSettings.Embedded;
        var method = arguments.GetValue(optimizer) ?? standard.Optimizer;
        Refuse(arguments, momentum, method != TrainingSettings.SgdName, "belongs to --optimizer sgd");
        Refuse(arguments, weightDecay, method != TrainingSettings.SgdName, "belongs to --optimizer sgd");
        if (arguments.GetValue(momentum) >= 1)
            throw new UsageException(FormattableString.Invariant($"--momentum is {arguments.GetValue(momentum)}; it must be below 1."));
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
            Weights = arguments.GetValue(weights),
            Resume = arguments.GetValue(resume),
            CheckpointEvery = TimeSpan.FromMinutes(arguments.GetValue(checkpointMinutes) ?? 10),
            Settings = standard with
            {
                Epochs = arguments.GetValue(epochs) ?? standard.Epochs,
                BatchSize = arguments.GetValue(batchSize) ?? standard.BatchSize,
                LearningRate = rate,
                FinalLearningRate = arguments.GetValue(finalLearningRate) ?? rate * standard.FinalLearningRate / standard.LearningRate,
                Optimizer = method,
                Momentum = method == TrainingSettings.SgdName ? arguments.GetValue(momentum) ?? TrainingSettings.Paper.Momentum : 0,
                WeightDecay = method == TrainingSettings.SgdName ? arguments.GetValue(weightDecay) ?? TrainingSettings.Paper.WeightDecay : 0,
                Loss = arguments.GetValue(loss) ?? (request is not null && DataSetLayout.Of(request.Layout).MultiLabel ? Loss.Hinge : Loss.CrossEntropy),
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
        var (embedded, onDisk, paper) = (setting(TrainingSettings.Embedded), setting(TrainingSettings.OnDisk), setting(TrainingSettings.Paper));
        var text = FormattableString.Invariant($" [default: {embedded}");
        if (!onDisk.Equals(embedded))
            text += FormattableString.Invariant($"; {onDisk} for data on disk");
        return text + (paper.Equals(onDisk) ? "]" : FormattableString.Invariant($"; {paper} with sgd, as in the paper]"));
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
