using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Kinks of objectives without linear predictors: seen on the kink, on neither side of it, and no obstacle to an exact step.</summary>
public class ThresholdTests
{
    /// <summary>½(y − x)² + ½C[y − t]₊²: y = x below t, (x + Ct)/(1 + C) above.</summary>
    [Theory]
    [InlineData(3.0, ArgminStatus.OnAKink, 3.0)]
    [InlineData(2.9, ArgminStatus.Converged, 2.9)]
    [InlineData(3.4, ArgminStatus.Converged, 3.1)]
    [InlineData(3 - 1e-4, ArgminStatus.Converged, 3 - 1e-4)]
    public void TheThresholdIsAKink(double x, ArgminStatus expected, double solution)
    {
        using var scope = NewDisposeScope();
        foreach (var kind in new[] { SolverKind.Auto, SolverKind.Newton, SolverKind.DampedNewton, SolverKind.Lbfgs })
        {
            foreach (var dtype in new[] { ScalarType.Float64, ScalarType.Float32 })
            {
                var leaf = tensor(new[] { x, 1 }).to(dtype).requires_grad_();
                var result = new ThresholdLayer(new() { Solver = kind }).Solve(leaf, tensor(new[] { 3.0, 2 }).to(dtype), tensor(3.0).to(dtype));
                result.Problems[0].Status.ShouldBe(expected, $"{kind}, {dtype}");
                Compare.Close(result.Solution, [solution, 1], 1e-6);
                result.Solution.sum().backward();
                leaf.grad![1].ToDouble().ShouldBe(1, 1e-6);
            }
        }
    }

    /// <summary>Only the problem on the kink is told so.</summary>
    [Fact]
    public void NeighboursAreNotBlamed()
    {
        using var scope = NewDisposeScope();
        var result = new ThresholdLayer().Solve(tensor(new[,] { { 1.0, 5 }, { 3, 1 }, { 2, 2 } }), tensor(new[] { 3.0, 3 }), tensor(1.0));
        result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.Converged, ArgminStatus.OnAKink, ArgminStatus.Converged]);
    }

    /// <summary>The second step is exact, and one more shows it: there is no further one to wait for.</summary>
    [Fact]
    public void AnExactStepEndsTheRun()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(4);
        var result = new ThresholdLayer(new() { Solver = SolverKind.Newton }).Solve(draw.Normal(50) * 10, draw.Normal(50), tensor(7.0));
        result.Problems[0].Status.ShouldBe(ArgminStatus.Converged);
        result.Problems[0].Iterations.ShouldBeLessThanOrEqualTo(3);
    }
}
