using ArgminLayers;

namespace RankPool;

/// <summary>Why a pooling has no solution, in words.</summary>
internal static class SolverFailure
{
    /// <summary>How the first problem that failed has ended, as a sentence.</summary>
    public static string Reason(ArgminException exception) => exception.Failures.Count > 0 ? exception.Failures[0].Status.Sentence() : exception.Message;
}
