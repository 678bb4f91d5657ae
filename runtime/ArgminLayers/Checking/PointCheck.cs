using System.Globalization;

namespace ArgminLayers;

/// <summary>What was found at one point of one problem.</summary>
/// <param name="Problem">The problem's place in the flattened batch.</param>
/// <param name="Point">What point it is: the minimiser, one near it, or the one given.</param>
/// <param name="Residual">‖∇f‖ at the point: 0 up to rounding at a minimiser.</param>
/// <param name="SmallestEigenvalue">The Hessian's smallest eigenvalue; NaN where the Hessian is not finite, or too large to be formed.</param>
/// <param name="LargestEigenvalue">The Hessian's largest eigenvalue, likewise.</param>
/// <param name="Kinks">In how many of the directions looked at the second derivative jumps at the point.</param>
/// <param name="Comparisons">The pieces compared, and the claims about the objective.</param>
public sealed record PointCheck(
    int Problem, string Point, double Residual, double SmallestEigenvalue, double LargestEigenvalue, int Kinks, IReadOnlyList<PieceComparison> Comparisons)
{
    /// <summary>The Hessian's condition, the ratio of its extreme eigenvalues; infinite where it is not positive definite.</summary>
    public double Condition => double.IsNaN(SmallestEigenvalue) ? double.NaN : SmallestEigenvalue > 0 ? LargestEigenvalue / SmallestEigenvalue : double.PositiveInfinity;

    /// <summary>Whether nothing differs.</summary>
    public bool Passed => Comparisons.All(static comparison => comparison.Agreement != Agreement.Differs);

    /// <summary>The findings, one comparison a line.</summary>
    public override string ToString()
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"Problem {Problem} at {Point}: ‖∇f‖ = {Residual:g3}, eigenvalues of the Hessian {SmallestEigenvalue:g3} to {LargestEigenvalue:g3} (condition {Condition:g3}), {(Kinks == 0 ? "no kink" : $"kinks in {Kinks} directions")}.");
        return string.Join(Environment.NewLine, Comparisons.Select(static comparison => $"  {comparison}").Prepend(head));
    }
}
