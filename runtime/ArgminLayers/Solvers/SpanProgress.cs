namespace ArgminLayers.Solvers;

/// <summary>Decides, problem by problem, when a run of <see cref="SpanNewton"/> is over.</summary>
/// <param name="size">B.</param>
/// <param name="limit">How many roundings of its terms an element of the residual may differ from zero by.</param>
internal sealed class SpanProgress(int size, double limit)
{
    /// <summary>Iterations without progress after which the residual is taken to stand at its floor, and how high that may be.</summary>
    private const int Patience = 4;
    private const double HighestFloor = 1e4;

    /// <summary>Short steps in a row after which a stiff φ is eased, to which τ‖K‖‖φ″‖/ρ, and by what τ grows after every full step.</summary>
    private const int ShortSteps = 2;
    private const double Mild = 3e4;
    private const double Growth = 100;

    private readonly ArgminStatus?[] status = new ArgminStatus?[size];
    private readonly int[] iterations = new int[size];
    private readonly double[] best = [.. Enumerable.Repeat(double.PositiveInfinity, size)];
    private readonly int[] stalled = new int[size];
    private readonly bool[] tookFullStep = new bool[size];
    private readonly bool[] searchFailed = new bool[size];
    private readonly bool[] endedExactly = new bool[size];
    private readonly double[] tau = [.. Enumerable.Repeat(1.0, size)];
    private readonly bool[] wasEased = new bool[size];
    private readonly int[] shortSteps = new int[size];
    private readonly bool[] hasStepped = new bool[size];
    private readonly int[] measured = [.. Enumerable.Repeat(-1, size)];

    /// <summary>How a problem ended.</summary>
    public ArgminStatus Status(int problem) => status[problem]!.Value;

    /// <summary>The steps that a problem took.</summary>
    public int Iterations(int problem) => iterations[problem];

    /// <summary>Whether the last step of a problem was exact: the curvature of φ where it started is that of the solution.</summary>
    public bool EndedExactly(int problem) => endedExactly[problem];

    /// <summary>τ of every problem; null where all are 1.</summary>
    public double[]? Eased() => Array.TrueForAll(tau, static part => part == 1) ? null : tau;

    /// <summary>Forgets what steps in a lower precision said.</summary>
    public void Restart()
    {
        Array.Clear(tookFullStep);
        Array.Clear(searchFailed);
        Array.Clear(stalled);
        Array.Clear(wasEased);
        Array.Clear(shortSteps);
        Array.Fill(tau, 1);
        Array.Fill(best, double.PositiveInfinity);
    }

    /// <summary>Settles the problems that are done and returns the others.</summary>
    /// <param name="iteration">The steps taken so far.</param>
    /// <param name="maximum">The most steps allowed.</param>
    /// <param name="facts">What is known of the iterate.</param>
    public List<int> Decide(int iteration, int maximum, SpanFacts facts)
    {
        var active = new List<int>(size);
        for (var i = 0; i < size; i++)
        {
            if (status[i] is not null)
                continue;
            iterations[i] = iteration;
            endedExactly[i] = facts.Exact[i] && tookFullStep[i];
            status[i] = Settle(i, iteration, maximum, facts.Ratios[i], facts.Finite[i]);
            if (status[i] is null)
                active.Add(i);
        }
        return active;
    }

    /// <summary>Records that some problems took the full step.</summary>
    public void TookFullSteps(IReadOnlyCollection<int> problems)
    {
        foreach (var i in problems)
            (searchFailed[i], tookFullStep[i], hasStepped[i]) = (false, true, true);
    }

    /// <summary>Records how the line search of some problems went.</summary>
    /// <param name="problems">Those that took a step.</param>
    /// <param name="found">What it found for the batch.</param>
    public void Searched(IEnumerable<int> problems, StepLengths found)
    {
        foreach (var i in problems)
        {
            searchFailed[i] = !found.AreAccepted[i];
            tookFullStep[i] = found.AreAccepted[i] && found.Lengths[i] == 1;
            hasStepped[i] = true;
        }
    }

    /// <summary>Adapts τ to the last steps.</summary>
    /// <param name="active">The problems that are not done.</param>
    /// <param name="stiffness">At least ‖sKs‖∞ ε/ρ, one entry a problem of the batch.</param>
    /// <param name="epsilon">The spacing of the dtype's numbers at 1.</param>
    /// <returns>Whether some τ is another one now, so that the residual is too.</returns>
    public bool Ease(List<int> active, double[] stiffness, double epsilon)
    {
        var changed = false;
        foreach (var i in active.Where(i => hasStepped[i]))
        {
            hasStepped[i] = false;
            shortSteps[i] = tookFullStep[i] ? 0 : shortSteps[i] + 1;
            if (tau[i] < 1 && (tookFullStep[i] || searchFailed[i]))
                tau[i] = searchFailed[i] ? 1 : Math.Min(1, tau[i] * Growth);
            else if (!wasEased[i] && shortSteps[i] >= ShortSteps && stiffness[i] > Mild * epsilon)
                (wasEased[i], tau[i], best[i], stalled[i]) = (true, Mild * epsilon / stiffness[i], double.PositiveInfinity, 0);
            else
                continue;
            // What the step did says nothing about the next problem on the way.
            (tookFullStep[i], searchFailed[i], changed) = (false, false, true);
        }
        return changed;
    }

    private ArgminStatus? Settle(int i, int iteration, int maximum, double ratio, bool finite)
    {
        if (!finite)
            return ArgminStatus.ObjectiveNotFinite;
        if (tau[i] < 1)
            return iteration >= maximum ? ArgminStatus.IterationLimit : null;
        if (ratio <= limit || endedExactly[i])
            return ArgminStatus.Converged;
        if (searchFailed[i])
            return ratio <= HighestFloor ? ArgminStatus.Converged : ArgminStatus.LineSearchFailed;
        if (!double.IsNaN(ratio))
        {
            // A point is looked at again where another problem of the batch was eased.
            var isAgain = measured[i] == iteration;
            measured[i] = iteration;
            if (ratio <= best[i] / 2)
            {
                best[i] = ratio;
                stalled[i] = 0;
            }
            else if (!isAgain && ++stalled[i] >= Patience && ratio <= HighestFloor)
            {
                return ArgminStatus.Converged;
            }
        }
        return iteration >= maximum ? ArgminStatus.IterationLimit : null;
    }
}
