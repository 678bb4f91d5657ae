namespace RankPool.Training;

/// <summary>How far a training run has come; with the weights and the optimizer's moments this is all that it depends on.</summary>
public sealed record TrainingState
{
    /// <summary>The epochs that are done.</summary>
    public IReadOnlyList<Epoch> Epochs { get; init; } = [];

    /// <summary>Steps done in the epoch under way.</summary>
    public int StepsInEpoch { get; init; }

    /// <summary>The sum of the losses of its videos so far.</summary>
    public double LossSum { get; init; }

    /// <summary>The number of these videos.</summary>
    public int Videos { get; init; }

    /// <summary>Steps that the optimizer has taken.</summary>
    public int OptimizerSteps { get; init; }

    /// <summary>Frames trained on.</summary>
    public long Frames { get; init; }

    /// <summary>Seconds of training, evaluation left out.</summary>
    public double TrainingSeconds { get; init; }

    /// <summary>Seconds in all.</summary>
    public double Seconds { get; init; }
}
