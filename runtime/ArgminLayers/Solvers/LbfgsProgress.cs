namespace ArgminLayers.Solvers;

/// <summary>Decides, problem by problem, when a run of <see cref="Lbfgs"/> is over.</summary>
/// <param name="size">B.</param>
/// <param name="epsilon">The spacing of the dtype's numbers at 1.</param>
/// <param name="maximum">The most steps allowed.</param>
internal sealed class LbfgsProgress(int size, double epsilon, int maximum)
{
    /// <summary>Steps without a smaller gradient after which it stands at its floor, once f no longer falls either.</summary>
    private const int Patience = 20;

    /// <summary>Steps in a row that lead away from zero, and how far the gradient has vanished on the way, after which a point that is not stationary has run away.</summary>
    private const int AwaySteps = 20;
    private const double Vanished = 1e-8;

    private readonly double[] best = [.. Enumerable.Repeat(double.PositiveInfinity, size)];
    private readonly double[] lowest = [.. Enumerable.Repeat(double.PositiveInfinity, size)];
    private readonly double[] firstGradient = new double[size];
    private readonly double[] farthest = new double[size];
    private readonly int[] away = new int[size];
    private readonly bool[] isEndless = new bool[size];
    private readonly int[] stalled = new int[size];
    private readonly int[] failures = new int[size];

    /// <summary>The steps that every problem took.</summary>
    public int[] Iterations { get; } = new int[size];

    /// <summary>Why a problem that turns out not to be stationary ended.</summary>
    public ArgminStatus[] Excuses { get; } = new ArgminStatus[size];

    /// <summary>Settles a problem, if it is done.</summary>
    /// <param name="i">The problem.</param>
    /// <param name="iteration">The steps taken so far.</param>
    /// <param name="at">The problem at its point.</param>
    public bool Settle(int i, int iteration, in LbfgsState at)
    {
        var (value, gradient, distance) = at;
        Iterations[i] = iteration;
        if (iteration == 0)
            firstGradient[i] = gradient;
        if (distance != farthest[i])
            away[i] = distance > farthest[i] ? away[i] + 1 : 0;
        farthest[i] = Math.Max(farthest[i], distance);
        stalled[i] = gradient < best[i] || value < lowest[i] - (4 * epsilon * Math.Abs(value)) ? 0 : stalled[i] + 1;
        (best[i], lowest[i]) = (Math.Min(best[i], gradient), Math.Min(lowest[i], value));
        if (iteration == 0 && (double.IsNaN(value) || double.IsPositiveInfinity(value)))
            return End(i, ArgminStatus.ObjectiveNotFinite);
        if (double.IsNegativeInfinity(value) || isEndless[i])
            return End(i, ArgminStatus.Unbounded);
        if (gradient == 0 || !double.IsFinite(gradient) || stalled[i] >= Patience)
            return End(i, ArgminStatus.NotStationary);
        if (failures[i] > 1)
            return End(i, ArgminStatus.LineSearchFailed);
        return iteration >= maximum && End(i, ArgminStatus.IterationLimit);
    }

    /// <summary>Records whether the line search found a point; where it did not, the gradient's own direction is tried next. Where f falls without an end there is no minimum.</summary>
    public void Searched(int i, bool accepted, bool endless)
    {
        failures[i] = accepted ? 0 : failures[i] + 1;
        isEndless[i] = endless;
    }

    private bool End(int i, ArgminStatus excuse)
    {
        Excuses[i] = away[i] >= AwaySteps && best[i] <= Vanished * firstGradient[i] ? ArgminStatus.Unbounded : excuse;
        return true;
    }
}

/// <summary>One problem at one point of a run of <see cref="Lbfgs"/>.</summary>
/// <param name="Value">f.</param>
/// <param name="GradientNorm">‖∇f‖.</param>
/// <param name="PointNorm">‖y‖.</param>
internal readonly record struct LbfgsState(double Value, double GradientNorm, double PointNorm);
