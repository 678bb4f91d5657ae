using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Every exact form of the Hessian with every solver gives the same solution and the same gradients.</summary>
public class AgreementTests
{
    private static readonly HessianForm[] Exact = [HessianForm.Auto, HessianForm.Cholesky, HessianForm.Woodbury, HessianForm.ShermanMorrison, HessianForm.ConjugateGradient];

    [Theory]
    [InlineData(4, 9)]
    [InlineData(9, 4)]
    [InlineData(6, 6)]
    [InlineData(1, 3)]
    [InlineData(40, 5)]
    public void OnRankPooling(int t, int d)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw((100 * t) + d);
        Tensor[] inputs =
        [
            draw.Normal(3, t, d), arange(1, t + 1, dtype: float64), draw.Uniform(-0.5, 1.5, 3, t).clamp(0), draw.Uniform(0.1, 4, 3), draw.Uniform(0, 0.5),
        ];
        var gradient = draw.Normal(3, d);
        var generated = CheckAll(options => new LearnedRankPool(options), inputs, gradient);
        var byHand = CheckAll(options => HandWritten.RankPooling(options), inputs, gradient);
        for (var i = 0; i < generated.Length; i++)
            Compare.Close(generated[i], byHand[i], 1e-12);
    }

    [Theory]
    [InlineData(4, 9)]
    [InlineData(9, 4)]
    public void OnASmoothObjectiveWithOffsetAndLinearTerm(int k, int n)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw((10 * k) + n);
        CheckAll(options => new HandWritten(LogisticProblem.Solver(options)), [draw.Normal(2, k, n) * 2, draw.Normal(k), draw.Normal(2, n), draw.Uniform(0.1, 2)], draw.Normal(2, n));
    }

    [Theory]
    [InlineData(4, 9)]
    [InlineData(5, 3)]
    [InlineData(5, 5)]
    [InlineData(1, 3)]
    public void OnAPairwiseHinge(int t, int d)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw((30 * t) + d);
        CheckAll(options => new Generated(new PairwiseHingeLayer(options)), [draw.Normal(3, t, d), draw.Uniform(-0.5, 1.5, 3, t, t).clamp(0).triu(1), draw.Uniform(0.1, 4, 3)], draw.Normal(3, d));
    }

    [Theory]
    [InlineData(4, 9)]
    [InlineData(9, 4)]
    public void OnASoftMaximum(int k, int n)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw((20 * k) + n);
        CheckAll(options => new Generated(new SoftMaximumLayer(options)), [draw.Normal(2, k, n) * 2, draw.Normal(k), draw.Normal(2, n), draw.Uniform(0.1, 2)], draw.Normal(2, n));
    }

    /// <summary>The solution is H⁻¹x, and the gradients follow from it: λ = H⁻¹g, ∂x = λ, ∂d = −λy, ∂w = −(Uλ)(Uy).</summary>
    [Theory]
    [InlineData(HessianForm.Auto, true)]
    [InlineData(HessianForm.Cholesky, true)]
    [InlineData(HessianForm.Woodbury, true)]
    [InlineData(HessianForm.ShermanMorrison, true)]
    [InlineData(HessianForm.Woodbury, false)]
    [InlineData(HessianForm.ShermanMorrison, false)]
    public void OnWeightsOfBothSigns(HessianForm form, bool constantHessian)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(7);
        var (x, d, u) = (draw.Normal(2, 6), draw.Uniform(2, 3, 2, 6), draw.Normal(2, 4, 6));
        var w = tensor(new[] { -0.1, 1.5, 0.0, -0.2 }).expand(2, 4).clone();
        var hessian = diag_embed(d) + (u.transpose(-2, -1) * w.unsqueeze(-2)).matmul(u);
        linalg.eigvalsh(hessian).min().item<double>().ShouldBeGreaterThan(0.2);
        var g = draw.Normal(2, 6);
        var y = linalg.solve(hessian, x.unsqueeze(-1)).squeeze(-1);
        var lambda = linalg.solve(hessian, g.unsqueeze(-1)).squeeze(-1);

        Tensor[] leaves = [.. new[] { x, d, u, w }.Select(input => input.clone().requires_grad_())];
        var solved = LowRankProblem.Solver(form, constantHessian).Call(leaves);
        solved.backward([g]);
        Compare.Close(solved, y, 1e-12);
        Compare.Close(leaves[0].grad!, lambda, 1e-12);
        Compare.Close(leaves[1].grad!, -lambda * y, 1e-12);
        Compare.Close(leaves[3].grad!, -u.matmul(lambda.unsqueeze(-1)).squeeze(-1) * u.matmul(y.unsqueeze(-1)).squeeze(-1), 1e-12);
    }

    private static Tensor[] CheckAll(Func<ArgminOptions, ILayer> create, Tensor[] inputs, Tensor gradient)
    {
        var reference = Run(create(new() { Hessian = HessianForm.Cholesky, Solver = SolverKind.Newton }), inputs, gradient);
        foreach (var form in Exact)
        {
            foreach (var solver in Solvers.All)
            {
                var results = Run(create(new() { Hessian = form, Solver = solver }), inputs, gradient);
                for (var i = 0; i < results.Length; i++)
                    Compare.Close(results[i], reference[i], 1e-9);
            }
        }
        return reference;
    }

    private static Tensor[] Run(ILayer solver, Tensor[] inputs, Tensor gradient)
    {
        Tensor[] leaves = [.. inputs.Select(input => input.clone().requires_grad_())];
        var y = solver.Call(leaves);
        y.backward([gradient]);
        return [y, .. leaves.Select(leaf => leaf.grad!)];
    }
}
