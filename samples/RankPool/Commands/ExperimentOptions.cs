using System.CommandLine;
using RankPool.Data;
using RankPool.Data.Layouts;
using RankPool.Networks;
using RankPool.Training;
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

    private readonly NetworkOptions network = new(NetworkChoice.Tiny);

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

    private readonly Option<bool> resume = new("--resume") { Description = "Go on from the checkpoints in --out, to the same result as without the stop." };
    private readonly Option<int?> checkpointMinutes = Whole("--checkpoint-minutes", "Longest time between two checkpoints; there is one after every epoch too. [default: 10]", 0, 100_000);

    private readonly Option<double?> c = Positive(
        "--C", "Rank pooling's weight of the regression loss." + Standard(settings => settings.C));

    private readonly Option<double?> epsilon = NotNegative(
        "--epsilon", "Half-width of the band in which rank pooling's regression costs nothing." + Standard(settings => settings.Epsilon));

    private readonly Option<string?> output = Folder("--out", "Where results go. [default: artifacts/NAME OF THE COMMAND]");

    private readonly Option<bool> json = new("--json")
    {
        Description = "Print the results as JSON on standard output, and everything else on standard error.",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        data.AddTo(command);
        network.AddTo(command);
        foreach (var option in (Option[])
            [evaluateOn, scenes, epochs, batchSize, optimizer, learningRate, finalLearningRate,
                momentum, weightDecay, loss, c, epsilon, output, resume, checkpointMinutes, json])
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
        Refuse(arguments, scenes, onDisk, "belongs to --data reversible");

        var net = network.Read(arguments, onDisk);
        var standard = net.Choice != NetworkChoice.Tiny || arguments.GetValue(optimizer) == TrainingSettings.SgdName ? TrainingSettings.Paper
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
            Network = net,
            Output = arguments.GetValue(output) ?? Path.Combine("artifacts", name),
            Json = arguments.GetValue(json),
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
                Network = net.Choice.Name,
                FramesPerChunk = net.FramesPerChunk,
                FeatureCount = net.FeatureCount,
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
}
