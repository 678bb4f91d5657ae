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

    /// <summary>What the model must have foretold for a smaller shift, and below which the shift grows.</summary>
    private const double Good = 0.75;
    private const double Poor = 0.25;

    private readonly double[] shift = new double[size];
    private readonly double[] last = new double[size];
    private readonly double[] growth = [.. Enumerable.Repeat(2.0, size)];
    private readonly double[] scale = new double[size];
    private readonly bool[] isStationary = new bool[size];

    /// <summary>μ.</summary>
    public double Of(int i) => shift[i];

    /// <summary>Whether the next step is Newton's and too short for a fall of f to be told from rounding.</summary>
    public bool IsUnseen(int i, in NewtonState at) => shift[i] == 0 && !progress.IsResolvable(i, at);

    /// <summary>Settles a problem, if it is done.</summary>
    /// <param name="i">The problem.</param>
    /// <param name="iteration">The steps taken so far.</param>
    /// <param name="at">The problem at its point, with the step and definiteness of H + μI.</param>
    /// <param name="hessian">H's largest diagonal element.</param>
    public bool Settle(int i, int iteration, in NewtonState at, double hessian)
    {
        scale[i] = hessian > 0 && double.IsFinite(hessian) ? hessian : 1;
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

    /// <summary>Adapts μ after a step was tried.</summary>
    /// <param name="i">The problem.</param>
    /// <param name="at">The problem where it came from.</param>
    /// <param name="accepted">Whether it went on.</param>
    /// <param name="ratio">How far f fell, relative to what the model foretold.</param>
    public void Tried(int i, in NewtonState at, bool accepted, double ratio)
    {
        if (accepted && shift[i] > 0)
            progress.Remember(i, at);
        progress.Searched(i, true, accepted && shift[i] == 0 ? 1 : 0.5);
        if (isStationary[i])
            shift[i] = 0;
        else if (!accepted || ratio < Poor)
            Raise(i);
        else if (ratio > Good)
            Lower(i);
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
