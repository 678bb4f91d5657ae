using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>What a proof of strong convexity rules out is not said, however a solver lost its way.</summary>
public class StrongConvexityTests
{
    /// <summary>½‖u‖² + … has a minimum; L-BFGS on a condition of 1e16 gets lost all the same.</summary>
    [Fact]
    public void AStronglyConvexObjectiveIsNeverUnbounded()
    {
        using var scope = NewDisposeScope();
        foreach (var scale in new[] { 1e3, 1e6 })
        {
            foreach (var cost in new[] { 1e4, 1e8 })
            {
                foreach (var kind in Solvers.All)
                {
                    var v = new Draw(109).Normal(1, 3) * scale;
                    var report = new RankPool(cost, 0.125, new() { Solver = kind }).Solve(v, ones(1, dtype: float64), ones(1, dtype: float64)).Problems[0];
                    report.Status.ShouldNotBeOneOf([ArgminStatus.Unbounded, ArgminStatus.HessianSingular, ArgminStatus.NotAMinimum], report.ToString());
                }
            }
        }
    }
}
