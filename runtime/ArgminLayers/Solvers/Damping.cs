using ArgminLayers.Hessians;

namespace ArgminLayers.Solvers;

/// <summary>The shift μ of every problem of a run of <see cref="DampedNewton"/>, and when the problem is done.</summary>
/// <param name="size">B.</param>
/// <param name="progress">Decides at points without a shift, and holds the reports.</param>
/// <param name="epsilon">The spacing of the dtype's numbers at 1.</param>
/// <param name="maximum">The most steps allowed.</param>
internal sealed class Damping(int size, NewtonProgress progress, double epsilon, int maximum)
{
    /// <summary>The first, the smallest and the largest shift, as parts of H's largest diagonal element.</summary>
    private const double First = 1e-3;
    private const double Smallest = 1e-5;
    private const double Largest = 1e12;

    /// <summary>What part of what the model foretold f must fall for the step to be taken, for a smaller shift, and below which the shift grows.</summary>
    private const double Enough = 1e-4;
    private const double Good = 0.75;
    private const double Poor = 0.25;

    private readonly double[] shift = new double[size];
    private readonly double[] last = new double[size];
    private readonly double[] growth = [.. Enumerable.Repeat(2.0, size)];
    private readonly double[] scale = new double[size];
    private readonly bool[] isStationary = new bool[size];
    private readonly NewtonState?[] doubtful = new NewtonState?[size];

    /// <summary>μ.</summary>
    public double Of(int i) => shift[i];

    /// <summary>Whether a short step of Newton's failed the last time, or led nowhere, so that <see cref="GradientFloor"/> must say whether there is anything left to gain.</summary>
    public bool IsDoubtful(int i) => doubtful[i] is not null || progress.IsDoubtful(i);

    /// <summary>Whether it matters what kind of Hessian it is that is not positive definite: only where the problem has come to rest; on the way the shift makes up for it.</summary>
    /// <param name="i">The problem.</param>
    /// <param name="gradientNorm">‖∇f‖.</param>
    public bool Asks(int i, double gradientNorm) => shift[i] == 0 && (isStationary[i] || gradientNorm == 0);

    /// <summary>Settles a problem, if it is done.</summary>
    /// <param name="i">The problem.</param>
    /// <param name="iteration">The steps taken so far.</param>
    /// <param name="ahead">The problem where it is.</param>
    public bool Settle(int i, int iteration, in Outlook ahead)
    {
        var (at, hessian) = (ahead.State, ahead.Size);
        scale[i] = hessian > 0 && double.IsFinite(hessian) ? hessian : 1;
        if (doubtful[i] is { } found && GradientFloor.IsReached(found.GradientNorm, at.Change))
        {
            progress.End(i, iteration, found, SecondOrder.Status(Definiteness.Positive, Math.Max(found.Condition * epsilon, found.StepNorm / found.PointNorm)));
            return true;
        }
        var isDefinite = at.Definiteness == Definiteness.Positive;
        if ((shift[i] == 0 && (isDefinite || at.GradientNorm == 0)) || at.Definiteness is Definiteness.NotFinite or Definiteness.OutsideForm || !double.IsFinite(at.Value))
            return progress.Settle(i, iteration, at);
        ArgminStatus? status = null;
        if (shift[i] == 0 && isStationary[i])
            status = SecondOrder.Status(at.Definiteness, 0);
        else if (shift[i] > Largest * scale[i])
            status = ArgminStatus.LineSearchFailed;
        else if (iteration >= maximum)
            status = ArgminStatus.IterationLimit;
        if (status is { } end)
        {
            progress.End(i, iteration, at, end);
            return true;
        }
        // Where a shifted step no longer moves y, H itself is looked at next; where the shift alone makes the step short, f does not fall as it should.
        isStationary[i] = isDefinite && at.StepNorm <= 4 * epsilon * at.PointNorm && shift[i] <= scale[i] / Math.Sqrt(epsilon);
        return false;
    }

    /// <summary>Whether a problem that is not done goes where the step leads; adapts μ.</summary>
    /// <param name="i">The problem.</param>
    /// <param name="ahead">The problem where it is, and what the step leads to.</param>
    public bool Goes(int i, in Outlook ahead)
    {
        var at = ahead.State;
        // Newton's step may be too short for a fall of f to be told from rounding.
        var isUnseen = ahead.IsLevel || (shift[i] == 0 && !progress.IsResolvable(i, at));
        var goes = at.Definiteness == Definiteness.Positive && ahead.IsFinite && (isUnseen || ahead.Ratio > Enough);
        doubtful[i] = !goes && shift[i] == 0 && at.Definiteness == Definiteness.Positive && at.StepNorm <= at.PointNorm ? at : null;
        if (goes && shift[i] > 0)
            progress.Remember(i, at);
        progress.Searched(i, true, goes && shift[i] == 0 ? 1 : 0.5);
        var ratio = isUnseen ? 1 : ahead.Ratio;
        if (isStationary[i])
            shift[i] = 0;
        else if (!goes || ratio < Poor)
            Raise(i);
        else if (ratio > Good)
            Lower(i);
        return goes;
    }

    // Faster and faster while it is too small (Nielsen 1999); from 0 it comes back to where it was good last.
    private void Raise(int i)
    {
        shift[i] = shift[i] > 0 ? growth[i] * shift[i] : Math.Max(last[i], (last[i] > 0 ? Smallest : First) * scale[i]);
        growth[i] *= 2;
    }

    private void Lower(int i)
    {
        growth[i] = 2;
        if (shift[i] > 0)
            last[i] = shift[i];
        shift[i] = shift[i] <= Smallest * scale[i] ? 0 : shift[i] / 8;
    }
}
