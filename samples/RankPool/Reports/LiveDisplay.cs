using System.Diagnostics;
using RankPool.Networks;
using RankPool.Training;
using Spectre.Console;

namespace RankPool.Reports;

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
