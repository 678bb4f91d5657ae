using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Measuring;

/// <summary>Measures pieces of work side by side in one process: every round runs each of them once, in the order in which they entered.</summary>
/// <param name="device">Where the work is done; it is waited for before a clock is read.</param>
internal sealed class Contest(Device device)
{
    /// <summary>Rounds that are not counted, at most: libtorch sets up its threads, and the just-in-time compiler optimises what it has seen thirty times.</summary>
    private const int MostWarmUpRounds = 50;

    /// <summary>Seconds for each contestant after which no further round is needed: the tensors of longer work give their contents away in the processor's caches.</summary>
    private const double LongEnough = 0.5;

    private readonly List<(string Name, Action Work, Action? Before)> contestants = [];

    /// <summary>Enters a piece of work.</summary>
    /// <param name="name">What the result is called.</param>
    /// <param name="work">What is timed; runs in a dispose scope of its own.</param>
    /// <param name="before">What must be done first, not timed.</param>
    public Contest Enter(string name, Action work, Action? before = null)
    {
        contestants.Add((name, work, before));
        return this;
    }

    /// <summary>Runs all rounds.</summary>
    /// <param name="rounds">The rounds that count.</param>
    /// <returns>The times by name.</returns>
    public IReadOnlyDictionary<string, Timing> Run(int rounds)
    {
        var warmUp = Stopwatch.StartNew();
        for (var round = 0; round < MostWarmUpRounds && (round == 0 || warmUp.Elapsed.TotalSeconds < LongEnough * contestants.Count); round++)
        {
            foreach (var contestant in contestants)
                Time(contestant.Work, contestant.Before);
        }

        var seconds = contestants.ToDictionary(contestant => contestant.Name, _ => new List<double>(rounds));
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contestant in contestants)
                seconds[contestant.Name].Add(Time(contestant.Work, contestant.Before));
        }
        return seconds.ToDictionary(pair => pair.Key, pair => new Timing(pair.Value));
    }

    private double Time(Action work, Action? before)
    {
        using var scope = NewDisposeScope();
        before?.Invoke();
        Wait();
        var start = Stopwatch.GetTimestamp();
        work();
        Wait();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void Wait()
    {
        if (device.type == DeviceType.CUDA)
            cuda.synchronize(device);
    }
}
