using System.Diagnostics;

namespace RankPool.Reports;

/// <summary>How long the epochs that are left will take. Those of an earlier run, which this one goes on from, cost it no time.</summary>
/// <param name="epochs">All epochs.</param>
internal sealed class EpochClock(int epochs)
{
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private int? before;

    /// <summary>Hears which epoch is at work; the first to be heard of is where this run began.</summary>
    public void Working(int epoch) => before ??= epoch - 1;

    /// <summary>The time that is left after an epoch, as minutes and seconds.</summary>
    public string LeftAfter(int epoch)
    {
        var earlier = before ?? 0;
        return Figures.TimeLeft(clock.Elapsed, epoch - earlier, epochs - earlier);
    }
}
