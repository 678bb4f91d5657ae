using System.Diagnostics;
using RankPool.Networks;
using RankPool.Training;
using Spectre.Console;

namespace RankPool.Reports;

/// <summary>A line for every epoch.</summary>
internal sealed class PlainDisplay(IAnsiConsole console) : IDisplay
{
    public void Show(
        IReadOnlyList<PoolingChoice> choices, int epochs, int videosPerEpoch, Action<Func<PoolingChoice, ITrainingProgress>> work) =>
        work(choice => new Lines(console, choice, epochs));

    private sealed class Lines(IAnsiConsole console, PoolingChoice choice, int epochs) : ITrainingProgress
    {
        private readonly Stopwatch clock = Stopwatch.StartNew();
        private int? before;

        // Epochs of an earlier run cost this one no time.
        public void Report(int epoch, int videos, double framesPerSecond) => before ??= epoch - 1;

        public void Finished(Epoch epoch, double framesPerSecond) => Terminal.WriteLine(console, FormattableString.Invariant(
            $"{choice}: epoch {epoch.Number}/{epochs}, loss {Figures.Loss(epoch.Loss)}, accuracy {Figures.Percent(epoch.Accuracy)}, {Figures.Rate(framesPerSecond)} frames/s, {Figures.TimeLeft(clock.Elapsed, epoch.Number - (before ?? 0), epochs - (before ?? 0))} left"));
    }
}
