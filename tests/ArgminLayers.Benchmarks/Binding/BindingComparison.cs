namespace ArgminLayers.Benchmarks.Binding;

/// <summary>
/// Measures in several processes here, each beside one of Python's. The two take turns of a few milliseconds, so that what else the
/// machine does meets both, and a turn's first slice, in which caches are cold, does not count.
/// </summary>
/// <param name="Processes">How many.</param>
/// <param name="Version">Of this torch.</param>
/// <param name="PythonVersion">Of Python's torch; null where there is none.</param>
/// <param name="WhyAlone">What keeps Python from measuring, where something does.</param>
/// <param name="Rows">By operation, the medians of each process.</param>
internal sealed record BindingComparison(int Processes, string Version, string? PythonVersion, string? WhyAlone, IReadOnlyDictionary<string, BindingComparison.Row> Rows)
{
    private const int CountedSlices = 4;

    /// <summary>The median nanoseconds per operation, one for each process.</summary>
    internal sealed record Row(List<double> Here, List<double> Python)
    {
        internal IEnumerable<double> Ratios => Here.Zip(Python, (here, python) => here / python);
    }

    internal static BindingComparison Run(int processes, int rounds, string python)
    {
        var rows = BindingOperations.InASlice.Keys.ToDictionary(name => name, _ => new Row([], []));
        string version = "";
        string? pythonVersion = null, whyAlone = null;
        for (int process = 0; process < processes; process++)
        {
            using var here = WorkerProcess.Here();
            using var other = whyAlone is null ? Python(python, out whyAlone) : null;
            version = here.Version;
            pythonVersion = other?.Version;
            foreach (var (name, row) in rows)
            {
                WorkerProcess[] workers = other is null ? [here] : [here, other];
                var medians = TakeTurns(workers, name, rounds);
                row.Here.Add(medians[0]);
                if (other is not null)
                    row.Python.Add(medians[1]);
            }
        }
        return new(processes, version, pythonVersion, whyAlone, rows);
    }

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static WorkerProcess? Python(string python, out string? whyNot)
    {
        whyNot = null;
        try
        {
            return WorkerProcess.Python(python);
        }
        catch (InvalidOperationException e)
        {
            whyNot = e.Message;
            return null;
        }
    }

    private static double[] TakeTurns(WorkerProcess[] workers, string name, int rounds)
    {
        foreach (var worker in workers)
            worker.Measure(name, 1);
        var slices = workers.Select(_ => new List<double>()).ToArray();
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < workers.Length; i++)
                slices[i].AddRange(workers[i].Measure(name, 1 + CountedSlices).Skip(1));
        }
        return [.. slices.Select(Median)];
    }
}
