using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Solutions and full Jacobians of every input against an independent implementation.</summary>
public class FixtureTests
{
    public static TheoryData<int, HessianForm, SolverKind> RankPoolingCases()
    {
        var cases = new TheoryData<int, HessianForm, SolverKind>();
        foreach (var number in new[] { 1, 2, 3 })
        {
            foreach (var form in new[] { HessianForm.Auto, HessianForm.Cholesky, HessianForm.Woodbury, HessianForm.ShermanMorrison, HessianForm.ConjugateGradient })
            {
                foreach (var solver in Solvers.All)
                    cases.Add(number, form, solver);
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(RankPoolingCases))]
    public void RankPooling(int number, HessianForm form, SolverKind kind)
    {
        var options = new ArgminOptions { Hessian = form, Solver = kind };
        Check(number, "rank_pooling", ["v", "t", "w", "C", "eps"], new LearnedRankPool(options));
        Check(number, "rank_pooling", ["v", "t", "w", "C", "eps"], HandWritten.RankPooling(options));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void WeightedMean(int number)
    {
        foreach (var form in new[] { HessianForm.Auto, HessianForm.Cholesky, HessianForm.Diagonal })
            Check(number, "weighted_mean", ["x", "w"], new HandWritten(WeightedMeanProblem.Solver(new() { Hessian = form })));
    }

    internal static void Check(int number, string name, string[] inputs, ILayer layer, string device = "cpu")
    {
        using var scope = NewDisposeScope();
        var fixture = Fixture.Load(number, name);
        var n = fixture.Solution.numel();
        // One problem a row of the Jacobian: the i-th is asked for the gradient of yᵢ.
        var leaves = inputs.Select(input => Repeat(fixture.Input(input).to(device), n)).ToArray();
        var y = layer.Call(leaves);
        y.backward([eye(n, dtype: float64, device: torch.device(device))]);
        Compare.Close(y[0], fixture.Solution, 1e-9);
        for (var i = 0; i < inputs.Length; i++)
            Compare.Close(leaves[i].grad!.reshape(n, -1), fixture.Jacobian(inputs[i]), 1e-9);
        layer.ThrowIfFailed();
    }

    private static Tensor Repeat(Tensor input, long times)
        => input.expand([times, .. input.shape]).clone().requires_grad_();
}
