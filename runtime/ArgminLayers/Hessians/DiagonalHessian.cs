using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>The Hessian's diagonal: exact where H is diagonal, else the approximation of Fernando and Gould 2016, §3.4.</summary>
internal sealed class DiagonalHessian : IHessianForm
{
    public HessianForm Kind => HessianForm.Diagonal;

    public PendingFactor Prepare(ArgminProblem problem, Tensor y, FactorPlan plan)
    {
        var diagonal = problem.HessianDiagonal(y);
        // The least and the largest element are NaN where one is.
        return new(this, [diagonal], [diagonal.amin([-1]), diagonal.amax([-1])], rows =>
        {
            var definiteness = rows[0].Select((smallest, b) => Classify(smallest, rows[1][b])).ToArray();
            // Every element is divided on its own, so no condition takes part.
            return new(this, [diagonal], definiteness, [.. definiteness.Select(static _ => 1.0)]);
        });
    }

    public HessianSolution Solve(HessianSystem system, Tensor b) => new(b / system.Factor[0]);

    private static Definiteness Classify(double smallest, double largest)
    {
        if (!double.IsFinite(smallest) || !double.IsFinite(largest))
            return Definiteness.NotFinite;
        if (smallest > 0)
            return Definiteness.Positive;
        return smallest < 0 ? Definiteness.Indefinite : Definiteness.Singular;
    }
}
