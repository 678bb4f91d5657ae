using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Gradients against central differences of the solution, along random directions of all inputs at once.</summary>
public class GradientTests
{
    private const double Step = 2e-3;

    public enum Side
    {
        Anywhere,
        JustInsideTheTube,
        JustOutsideTheTube,
    }

    /// <summary>The difference quotient misses the derivative by c·h², so halving h must quarter the error on either side of a kink.</summary>
    [Theory]
    [InlineData(Side.Anywhere)]
    [InlineData(Side.JustInsideTheTube)]
    [InlineData(Side.JustOutsideTheTube)]
    public void RankPoolingMatchesCentralDifferencesOnBothSidesOfTheKinks(Side side)
    {
        var ratios = new List<double>();
        var seed = 0;
        for (var tested = 0; tested < 50; seed++)
        {
            seed.ShouldBeLessThan(500);
            using var scope = NewDisposeScope();
            var draw = new Draw(seed);
            var inputs = Inputs(draw);
            if (!Place(inputs, side))
                continue;
            var (coarse, fine, scale) = Errors(draw, inputs);
            if (CrossesAKink(inputs))
                continue;
            tested++;
            fine.ShouldBeLessThan(1e-3 * scale, $"seed {seed}");
            ratios.Add(coarse / fine);
        }
        ratios.Sort();
        // The odd seed has a vanishing second-order term; four in five must show the order cleanly.
        ratios.Count(ratio => ratio is > 3.5 and < 4.5).ShouldBeGreaterThanOrEqualTo(40, string.Join(", ", ratios.Select(ratio => ratio.ToString("g3"))));
    }

    [Fact]
    public void SmoothObjectivesMatchCentralDifferences()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            using var scope = NewDisposeScope();
            var draw = new Draw(seed);
            Tensor[] inputs = [draw.Normal(5, 3), draw.Normal(5), draw.Normal(3), draw.Uniform(0.5, 2)];
            var direction = inputs.Select(input => draw.Normal(input.shape)).ToArray();
            var weight = draw.Normal(3);
            var solver = new HandWritten(LogisticProblem.Solver());
            var analytic = Directional(solver, inputs, direction, weight);
            var numeric = Difference(solver, inputs, direction, weight, 1e-4);
            Math.Abs(numeric - analytic).ShouldBeLessThan(1e-6 * Math.Max(1, Math.Abs(analytic)), $"seed {seed}");
        }
    }

    private static Tensor[] Inputs(Draw draw)
    {
        var (t, d) = (draw.Integer(3, 8), draw.Integer(1, 6));
        return [draw.Normal(t, d), draw.Normal(t) * 2, draw.Uniform(0.2, 1.5, t), draw.Uniform(0.3, 3), draw.Uniform(0.3, 0.8)];
    }

    /// <summary>Moves the target of a frame so that its residual comes to lie 0.02 from the edge of the tube.</summary>
    private static bool Place(Tensor[] inputs, Side side)
    {
        if (side == Side.Anywhere)
            return true;
        var z = inputs[0].mv(Solver().Call(inputs));
        var excess = (z - inputs[1]).abs() - inputs[4];
        var inside = excess.argmin().item<long>();
        if (excess[inside].item<double>() > 0)
            return false;
        // Inside the tube a target can move without moving the solution.
        var distance = inputs[4].item<double>() + (side == Side.JustInsideTheTube ? -0.02 : 0.02);
        inputs[1][inside] = z[inside] + distance;
        return true;
    }

    private static bool CrossesAKink(Tensor[] inputs)
    {
        var z = inputs[0].mv(Solver().Call(inputs));
        return ((z - inputs[1]).abs() - inputs[4]).abs().min().item<double>() < 8 * Step;
    }

    private static (double Coarse, double Fine, double Scale) Errors(Draw draw, Tensor[] inputs)
    {
        var direction = inputs.Select(input => draw.Uniform(-1, 1, input.shape)).ToArray();
        var weight = draw.Normal(inputs[0].shape[1]);
        var analytic = Directional(Solver(), inputs, direction, weight);
        return (
            Math.Abs(Difference(Solver(), inputs, direction, weight, Step) - analytic),
            Math.Abs(Difference(Solver(), inputs, direction, weight, Step / 2) - analytic),
            Math.Max(1, Math.Abs(analytic)));
    }

    private static double Directional(ILayer solver, Tensor[] inputs, Tensor[] direction, Tensor weight)
    {
        var leaves = inputs.Select(input => input.clone().requires_grad_()).ToArray();
        solver.Call(leaves).backward([weight]);
        return leaves.Zip(direction, (leaf, d) => (leaf.grad! * d).sum().item<double>()).Sum();
    }

    private static double Difference(ILayer solver, Tensor[] inputs, Tensor[] direction, Tensor weight, double h)
    {
        double At(double length) => solver.Call(inputs.Zip(direction, (input, d) => input + (d * length)).ToArray()).dot(weight).item<double>();
        return (At(h) - At(-h)) / (2 * h);
    }

    private static LearnedRankPool Solver() => new();
}
