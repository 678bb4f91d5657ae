using ArgminLayers;
using ArgminLayers.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Gallery.Tests;

/// <summary>Solutions and full Jacobians against problems solved by an independent implementation.</summary>
public class FixtureTests
{
    private delegate ArgminResult Solve(Tensor? start, Tensor[] inputs);

    private static readonly Dictionary<string, (string[] Inputs, Solve Solve)> Cases = new()
    {
        ["rank_pooling"] = (["v", "t", "w", "C", "eps"], (start, x) => new InsensitiveRegressionLayer().Solve(x[0], x[1], x[2], x[3], x[4], start)),
        ["weighted_mean"] = (["x", "w"], (start, x) => new WeightedMeanLayer().Solve(x[0], x[1], start)),
        ["ridge"] = (["x", "t", "lam"], (start, x) => new RidgeLayer().Solve(x[0], x[1], x[2], start)),
        ["ridge_wide"] = (["x", "t", "lam"], (start, x) => new RidgeLayer().Solve(x[0], x[1], x[2], start)),
        ["tikhonov"] = (["x", "lam"], (start, x) => new TikhonovLayer().Solve(x[0], x[1], start)),
        ["logistic"] = (["x", "s", "lam"], (start, x) => new LogisticLayer().Solve(x[0], x[1], x[2], start)),
        ["poisson"] = (["x", "t", "lam"], (start, x) => new PoissonLayer().Solve(x[0], x[1], x[2], start)),
        ["pseudo_huber_pooling"] = (["x", "a"], (start, x) => new PseudoHuberLayer().Solve(x[0], x[1], start)),
        ["pairwise_squared_hinge"] = (["v", "C"], (start, x) => new RankingLayer().Solve(x[0], ones(x[0].size(-2), x[0].size(-2), dtype: ScalarType.Float64, device: x[0].device).triu(1), x[1], start)),
        ["log_barrier_lp"] = (["c", "a", "b", "mu"], (start, x) => new LogBarrierLayer(ridge: 0.01).Solve(x[0], x[1], x[2], x[3], start)),
        ["multi_output_ridge"] = (["x", "t", "lam"], (start, x) => new MultiOutputRidgeLayer().Solve(x[0], x[1], x[2], start)),
        ["exponential_fit"] = (["s", "t"], (start, x) => new ExponentialFitLayer().Solve(x[0], x[1], start)),
        ["kelly"] = (["r", "p", "g"], (start, x) => new KellyLayer().Solve(x[0], x[1], x[2], start)),
    };

    public static TheoryData<string, int> Names
    {
        get
        {
            var names = new TheoryData<string, int>();
            foreach (var name in Cases.Keys)
            {
                for (var number = 1; number <= 3; number++)
                {
                    names.Add(name, number);
                }
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Solution_and_Jacobian(string name, int number) => Check(name, number, "cpu");

    /// <summary>A fixture's solution and Jacobian, computed on a device.</summary>
    internal static void Check(string name, int number, string device)
    {
        using var scope = NewDisposeScope();
        var fixture = Fixture.Load(number, name);
        var (inputs, solve) = Cases[name];
        var n = fixture.Solution.numel();

        // One problem a row of the Jacobian: the i-th is asked for the gradient of yᵢ.
        var leaves = inputs.Select(input => Repeat(fixture.Input(input).to(device), n)).ToArray();
        var result = solve(fixture.Start.to(device).expand([n, .. fixture.Start.shape]), leaves);
        result.Converged.ShouldBeTrue(string.Join("; ", result.Problems.Select(problem => problem.Status)));
        result.Solution.backward([eye(n, dtype: ScalarType.Float64, device: torch.device(device)).reshape(result.Solution.shape)]);
        Close(result.Solution[0], fixture.Solution, "y");
        for (var k = 0; k < inputs.Length; k++)
        {
            Close(leaves[k].grad!.reshape(n, -1), fixture.Jacobian(inputs[k]), "∂y/∂" + inputs[k]);
        }
    }

    private static Tensor Repeat(Tensor input, long times) => input.expand([times, .. input.shape]).clone().requires_grad_();

    private static void Close(Tensor actual, Tensor expected, string what)
    {
        actual.shape.ShouldBe(expected.shape, what);
        (actual.detach().cpu() - expected).abs().max().ToDouble().ShouldBeLessThan(1e-8 * (1 + expected.abs().max().ToDouble()), what);
    }
}
