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
        private readonly EpochClock clock = new(epochs);

        public void Report(int epoch, int videos, double framesPerSecond) => clock.Working(epoch);

        public void Finished(Epoch epoch, double framesPerSecond) => Terminal.WriteLine(console, FormattableString.Invariant(
            $"{choice}: epoch {epoch.Number}/{epochs}, loss {Figures.Loss(epoch.Loss)}, accuracy {Figures.Percent(epoch.Accuracy)}, {Figures.Rate(framesPerSecond)} frames/s, {clock.LeftAfter(epoch.Number)} left"));
    }
}
