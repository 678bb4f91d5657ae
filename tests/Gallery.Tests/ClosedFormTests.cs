using ArgminLayers;
using TorchSharp;
using static TorchSharp.torch;

namespace Gallery.Tests;

/// <summary>Solutions that have a closed form, or that another method finds.</summary>
public class ClosedFormTests
{
    private const int Fixed = 400;
    private readonly torch.Generator generator = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Weighted_least_squares_solves_its_normal_equations(int seed)
    {
        using var scope = Seeded(seed);
        var x = cat([ones(9, 1, dtype: ScalarType.Float64), Normal(9, 3)], 1);
        var (t, w) = (Normal(9), Uniform(9));
        var normal = x.T.mm(w.unsqueeze(1) * x) + (0.5 * tensor([0.0, 1, 1, 1])).diag();
        Close(new WeightedLeastSquaresLayer().call(x, t, w, tensor(0.5)), linalg.inv(normal).mv(x.T.mv(w * t)));
    }

    /// <summary>The bias has no ridge, so the diagonal part of the Hessian is singular: with fewer rows than unknowns it is bordered, and nothing is lost.</summary>
    [Theory]
    [InlineData(HessianForm.Auto, HessianForm.Woodbury)]
    [InlineData(HessianForm.Woodbury, HessianForm.Woodbury)]
    [InlineData(HessianForm.ShermanMorrison, HessianForm.ShermanMorrison)]
    [InlineData(HessianForm.Cholesky, HessianForm.Cholesky)]
    [InlineData(HessianForm.ConjugateGradient, HessianForm.ConjugateGradient)]
    public void An_unregularised_bias_is_bordered(HessianForm form, HessianForm expected)
    {
        using var scope = Seeded(3);
        var x = cat([ones(2, 5, 1, dtype: ScalarType.Float64), Normal(2, 5, 8)], -1);
        var (t, w, g) = (Normal(2, 5).requires_grad_(), Uniform(2, 5), Normal(2, 9));
        var result = new WeightedLeastSquaresLayer(new ArgminOptions { Hessian = form }).Solve(x, t, w, tensor(0.5));
        result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Converged && problem.Hessian == expected);
        result.Solution.backward([g]);
        for (var i = 0; i < 2; i++)
        {
            var normal = x[i].T.mm(w[i].unsqueeze(1) * x[i]) + (0.5 * tensor([0.0, 1, 1, 1, 1, 1, 1, 1, 1])).diag();
            Close(result.Solution[i].detach(), linalg.inv(normal).mv(x[i].T.mv(w[i] * t[i].detach())));
            Close(t.grad![i], w[i] * x[i].mv(linalg.inv(normal).mv(g[i])));
        }
    }

    /// <summary>Without any row that counts, the bias is free.</summary>
    [Fact]
    public void A_bias_that_nothing_determines_is_told()
    {
        using var scope = Seeded(4);
        var x = cat([ones(5, 1, dtype: ScalarType.Float64), Normal(5, 8)], -1);
        foreach (var form in new[] { HessianForm.Auto, HessianForm.Woodbury, HessianForm.ShermanMorrison, HessianForm.Cholesky })
        {
            new WeightedLeastSquaresLayer(new ArgminOptions { Hessian = form }).Solve(x, Normal(5), zeros(5, dtype: ScalarType.Float64), tensor(0.5))
                .Problems[0].Status.ShouldBe(ArgminStatus.HessianSingular, form.ToString());
        }
    }

    [Theory]
    [InlineData(-2.0)]
    [InlineData(0.3)]
    [InlineData(5.0)]
    public void The_polynomial_has_Cardanos_root(double x)
    {
        // y³ + y = x
        using var scope = NewDisposeScope();
        var root = Math.Sqrt((x * x / 4) + (1.0 / 27));
        Close(new PolynomialLayer().call(tensor(x)), tensor(Math.Cbrt((x / 2) + root) + Math.Cbrt((x / 2) - root)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_multinomial_gradient_vanishes(int seed)
    {
        // xᵀ(softmax(xy) − label) + λy = 0, and the objective is strongly convex.
        using var scope = Seeded(seed);
        var (x, label) = (Normal(9, 4), nn.functional.one_hot(arange(9) % 3, 3).to(ScalarType.Float64));
        var y = new MultinomialLayer().call(x, label, tensor(0.5));
        var z = x.mm(y);
        var p = z.exp() / z.exp().sum(1, keepdim: true);
        Close(x.T.mm(p - label) + 0.5 * y, zeros_like(y));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_soft_maximum_gradient_vanishes(int seed)
    {
        using var scope = Seeded(seed);
        var (a, b) = (Normal(9, 4), Normal(9));
        var y = new SoftMaximumLayer().call(a, b, tensor(0.5));
        var e = (a.mv(y) + b).exp();
        Close(a.T.mv(e / e.sum()) + 0.5 * y, zeros_like(y));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Pseudo_Huber_pooling_is_a_fixed_point_of_reweighted_means(int seed)
    {
        using var scope = Seeded(seed);
        var x = Normal(9, 3);
        var y = x.mean([0]);
        for (var step = 0; step < Fixed; step++)
        {
            var weight = (1 + (y - x).square().sum(1) / 0.25).rsqrt();
            y = (weight.unsqueeze(1) * x).sum(0L, false) / weight.sum();
        }

        Close(new PseudoHuberVectorsLayer().call(x, tensor(0.5)), y);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Welsch_pooling_is_a_fixed_point_of_the_mean_shift(int seed)
    {
        using var scope = Seeded(seed);
        var x = 0.3 * Normal(9, 3);
        var y = zeros(3, dtype: ScalarType.Float64);
        for (var step = 0; step < Fixed; step++)
        {
            var weight = (-0.5 * (y - x).square().sum(1)).exp();
            y = (weight.unsqueeze(1) * x).sum(0L, false) / weight.sum();
        }

        Close(new WelschLayer().call(x, tensor(1.0)), y);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_precision_has_the_covariances_eigenvectors(int seed)
    {
        // S − P⁻¹ + λP = 0 in each eigenvector: λp² + sp − 1 = 0.
        using var scope = Seeded(seed);
        const double lambda = 0.1;
        var data = Normal(9, 3);
        var covariance = data.T.mm(data) / 9;
        var (s, u) = linalg.eigh(covariance);
        var p = ((s.square() + (4 * lambda)).sqrt() - s) / (2 * lambda);
        var prior = eye(3, dtype: ScalarType.Float64);
        Close(new PrecisionLayer().call(covariance, prior, tensor(lambda)), u.mm(p.diag()).mm(u.T) - prior);
    }

    [Theory]
    [InlineData(SolverKind.Newton)]
    [InlineData(SolverKind.Auto)]
    [InlineData(SolverKind.DampedNewton)]
    public void A_barrier_is_never_crossed(SolverKind solver)
    {
        // The root of 50 + 2y/(1 − y²) + ρy within ±1, by bisection; beyond ±1 the derivatives of the logarithms have roots of their own.
        const double rho = 0.01;
        var (low, high) = (-1.0, 1.0);
        for (var step = 0; step < 200; step++)
        {
            var middle = (low + high) / 2;
            (low, high) = 50 + (2 * middle / (1 - (middle * middle))) + (rho * middle) < 0 ? (middle, high) : (low, middle);
        }

        using var scope = NewDisposeScope();
        using var layer = new LogBarrierLayer(rho, new ArgminOptions { Solver = solver });
        Close(layer.call(tensor([50.0]), tensor(new[,] { { 1.0 }, { -1.0 } }), tensor([1.0, 1.0]), tensor(1.0)), tensor([low]));
    }

    /// <summary>½y² − μ log(1 − y) has its minimum below 1; beyond 1, where it has no value, its derivative vanishes once more.</summary>
    [Fact]
    public void A_root_of_the_derivative_beyond_the_barrier_is_no_solution()
    {
        using var scope = NewDisposeScope();
        const double mu = 0.1;
        var beyond = (1 + Math.Sqrt(1 + (4 * mu))) / 2;
        Tensor[] inputs = [tensor([0.0]), tensor(new[,] { { 1.0 } }), tensor([1.0]), tensor(mu)];
        foreach (var solver in Enum.GetValues<SolverKind>().Where(static kind => kind != SolverKind.Supplied))
        {
            using var layer = new LogBarrierLayer(1, new ArgminOptions { Solver = solver });
            var report = layer.Solve(inputs[0], inputs[1], inputs[2], inputs[3], tensor([beyond])).Problems[0];
            report.Status.ShouldBe(ArgminStatus.ObjectiveNotFinite, report.ToString());
            layer.Solve(inputs[0], inputs[1], inputs[2], inputs[3], tensor([0.5])).Problems[0].Status.ShouldBe(ArgminStatus.Converged);
        }
    }

    private IDisposable Seeded(int seed)
    {
        generator.manual_seed(seed);
        return NewDisposeScope();
    }

    private Tensor Normal(params long[] shape) => randn(shape, dtype: ScalarType.Float64, generator: generator);

    private Tensor Uniform(params long[] shape) => rand(shape, dtype: ScalarType.Float64, generator: generator) + 0.5;

    private static void Close(Tensor actual, Tensor expected)
    {
        actual.shape.ShouldBe(expected.shape);
        (actual - expected).abs().max().ToDouble().ShouldBeLessThan(1e-8 * (1 + expected.abs().max().ToDouble()));
    }
}
