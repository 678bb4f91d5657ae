using RankPool.Networks;
using RankPool.Training.Optimizers;
using TorchSharp.Modules;

namespace RankPool.Training;

/// <summary>
/// Everything about training that is a choice and not a fact. The paper does not state C, ε, momentum or the shape of the
/// learning-rate schedule. The values here were chosen on validation videos (<c>--evaluate-on validation</c>; seeds 10 to 12
/// for the embedded data set, seed 10 of <c>synthesize</c> for data on disk), never on test videos, and are the same for every pooling.
/// </summary>
public sealed record TrainingSettings
{
    public const string AdamName = "adam";
    public const string SgdName = "sgd";

    /// <summary>Passes over the training videos.</summary>
    public required int Epochs { get; init; }

    /// <summary>Videos per step of the optimizer.</summary>
    public required int BatchSize { get; init; }

    /// <summary>The learning rate in the first epoch; it falls by the same factor every epoch.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The learning rate in the last epoch.</summary>
    public required double FinalLearningRate { get; init; }

    /// <summary>The optimizer: <see cref="AdamName"/> or <see cref="SgdName"/>.</summary>
    public string Optimizer { get; init; } = AdamName;

    /// <summary>The momentum of gradient descent.</summary>
    public double Momentum { get; init; }

    /// <summary>The weight decay of gradient descent.</summary>
    public double WeightDecay { get; init; }

    /// <summary>What training makes small: a name of <see cref="Training.Loss"/>.</summary>
    public string Loss { get; init; } = Training.Loss.CrossEntropy;

    /// <summary>The frame network's name.</summary>
    public string Network { get; init; } = NetworkChoice.Tiny.Name;

    /// <summary>Most frames that go through the frame network at once.</summary>
    public int FramesPerChunk { get; init; } = NetworkChoice.Tiny.FramesPerChunk;

    /// <summary>Features per frame, D.</summary>
    public int FeatureCount { get; init; } = 64;

    /// <summary>Weight of the regression loss in rank pooling (Eq. 5).</summary>
    public double C { get; init; } = 10.0;

    /// <summary>Half-width of the band in which rank pooling's regression costs nothing (Eq. 5).</summary>
    public double Epsilon { get; init; } = 0.1;

    /// <summary>For the embedded data set.</summary>
    public static TrainingSettings Embedded { get; } = new()
    {
        Epochs = 16,
        BatchSize = 16,
        LearningRate = 0.004,
        FinalLearningRate = 0.0004,
    };

    /// <summary>For videos on disk, which are fewer.</summary>
    public static TrainingSettings OnDisk { get; } = new()
    {
        Epochs = 8,
        BatchSize = 4,
        LearningRate = 0.016,
        FinalLearningRate = 0.0016,
        C = 100,
    };

    /// <summary>
    /// The protocol of Fernando and Gould (2016): gradient descent, one video a step, learning rate 0.01 to 0.0001 over 60 epochs, weight decay 0.0005. The paper does not state momentum, C and ε;
    /// 0.9 is what its networks were first trained with, and C is that of the other data on disk.
    /// </summary>
    public static TrainingSettings Paper { get; } = new()
    {
        Epochs = 60,
        BatchSize = 1,
        LearningRate = 0.01,
        FinalLearningRate = 0.0001,
        Optimizer = SgdName,
        Momentum = 0.9,
        WeightDecay = 0.0005,
        C = 100,
    };

    /// <summary>The model of a choice around a frame network; the weights on top are drawn from torch's generator.</summary>
    public VideoModel CreateModel(PoolingChoice choice, FrameNetwork network, int classCount) => choice.Pooling == PoolingChoice.FrameLevel
        ? new FrameClassifier(network, classCount) { FramesPerChunk = FramesPerChunk }
        : new VideoClassifier(network, choice.Create(C, Epsilon), classCount) { FramesPerChunk = FramesPerChunk };

    /// <summary>The optimizer for some parameters.</summary>
    public Optimizers.Optimizer CreateOptimizer(IEnumerable<Parameter> parameters) =>
        Optimizer == SgdName ? new Sgd(parameters, Momentum, WeightDecay) : new Optimizers.Adam(parameters);

    /// <summary>The learning rate of an epoch, counted from 1: geometric between the first and the last.</summary>
    public double LearningRateAt(int epoch) => Epochs == 1
        ? LearningRate
        : LearningRate * Math.Pow(FinalLearningRate / LearningRate, (epoch - 1.0) / (Epochs - 1));
}
