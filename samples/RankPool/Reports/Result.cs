using RankPool.Networks;
using RankPool.Training;

namespace RankPool.Reports;

/// <summary>What came of one pooling.</summary>
/// <param name="Choice">The pooling.</param>
/// <param name="Training">Its training run.</param>
/// <param name="Chance">The accuracy of guessing.</param>
public sealed record Result(PoolingChoice Choice, TrainingResult Training, double Chance);
