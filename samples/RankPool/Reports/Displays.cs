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
