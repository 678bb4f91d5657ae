using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace ArgminLayers.Benchmarks.Binding;

/// <summary>
/// A process that measures when it is asked to: writes the version of its torch, then answers each line "SLICES COUNT NAME" with the
/// nanoseconds per operation of that many slices of COUNT operations. binding.py answers the same.
/// </summary>
internal static class BindingWorker
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.7);

    internal static void Run(TextReader requests, TextWriter answers)
    {
        using var operations = new BindingOperations();
        var warm = new HashSet<string>();
        answers.WriteLine(torch.__version__);
        while (requests.ReadLine() is { } request)
        {
            string[] parts = request.Split(' ', 3);
            int slices = int.Parse(parts[0], CultureInfo.InvariantCulture), count = int.Parse(parts[1], CultureInfo.InvariantCulture);
            var operation = operations.Named(parts[2]);
            if (warm.Add(parts[2]))
                Repeat(operation, count);
            answers.WriteLine(string.Join(' ', Enumerable.Range(0, slices).Select(_ => Slice(operation, count).ToString("R", CultureInfo.InvariantCulture))));
        }
    }

    // Until the just-in-time compiler, which waits for a quiet moment, has put optimised code in the place of its first.
    private static void Repeat(Action operation, int count)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < WarmUp)
            _ = Slice(operation, count);
    }

    // Optimised from the start, without a profile: a loop that the compiler improves while it runs takes the operation in, whose own
    // code then stays as slow as it was at first, for the next loop that calls it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Slice(Action operation, int count)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
            operation();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / count;
    }
}
