using System.Diagnostics;
using RankPool.Networks;
using RankPool.Training;
using Spectre.Console;

namespace RankPool.Reports;

/// <summary>Shows how training goes on.</summary>
internal interface IDisplay
{
    /// <summary>Runs <paramref name="work"/> and shows the progress that it reports for each choice.</summary>
    void Show(IReadOnlyList<PoolingChoice> choices, int epochs, int videosPerEpoch, Action<Func<PoolingChoice, ITrainingProgress>> work);
}

/// <summary>Live bars on a terminal, a line per epoch elsewhere.</summary>
internal static class Displays
{
    public static IDisplay For(IAnsiConsole console) =>
        console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi ? new LiveDisplay(console) : new PlainDisplay(console);
}

/// <summary>A line for every epoch.</summary>
internal sealed class PlainDisplay(IAnsiConsole console) : IDisplay
{
    public void Show(
        IReadOnlyList<PoolingChoice> choices, int epochs, int videosPerEpoch, Action<Func<PoolingChoice, ITrainingProgress>> work) =>
        work(choice => new Lines(console, choice, epochs));

    private sealed class Lines(IAnsiConsole console, PoolingChoice choice, int epochs) : ITrainingProgress
    {
        public void Report(int epoch, int videos, double framesPerSecond)
        {
        }

        public void Finished(Epoch epoch, double framesPerSecond) => Terminal.WriteLine(console, FormattableString.Invariant(
            $"{choice}: epoch {epoch.Number}/{epochs}, loss {Figures.Loss(epoch.Loss)}, accuracy {Figures.Percent(epoch.Accuracy)}, {Figures.Rate(framesPerSecond)} frames/s"));
    }
}

/// <summary>A bar for every pooling.</summary>
internal sealed class LiveDisplay(IAnsiConsole console) : IDisplay
{
    public void Show(
        IReadOnlyList<PoolingChoice> choices, int epochs, int videosPerEpoch, Action<Func<PoolingChoice, ITrainingProgress>> work) =>
        // Refreshed by the training thread: allocation on a second thread could collect what libtorch is reading.
        console.Progress()
            .AutoRefresh(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var bars = choices.ToDictionary(
                    choice => choice,
                    choice => context.AddTask(choice.ToString(), autoStart: false, maxValue: (double)epochs * videosPerEpoch));
                work(choice =>
                {
                    bars[choice].StartTask();
                    return new Bar(context, bars[choice], choice, epochs, videosPerEpoch);
                });
            });

    private sealed class Bar(ProgressContext context, ProgressTask task, PoolingChoice choice, int epochs, int videosPerEpoch)
        : ITrainingProgress
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
        private readonly Stopwatch sinceRefresh = Stopwatch.StartNew();
        private string accuracy = "";

        public void Report(int epoch, int videos, double framesPerSecond)
        {
            task.Value = (epoch - 1.0) * videosPerEpoch + videos;
            if (sinceRefresh.Elapsed < Pause)
                return;
            Describe(epoch, framesPerSecond);
        }

        public void Finished(Epoch epoch, double framesPerSecond)
        {
            accuracy = ", accuracy " + Figures.Percent(epoch.Accuracy);
            if (epoch.Number == epochs)
                task.StopTask();
            Describe(epoch.Number, framesPerSecond);
        }

        private void Describe(int epoch, double framesPerSecond)
        {
            task.Description = FormattableString.Invariant(
                $"{choice}: epoch {epoch}/{epochs}{accuracy}, {Figures.Rate(framesPerSecond)} frames/s");
            context.Refresh();
            sinceRefresh.Restart();
        }
    }
}
