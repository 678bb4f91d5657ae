using ArgminLayers;
using TorchSharp;
using static TorchSharp.torch;

namespace Gallery.Tests;

/// <summary>Matrix variables whose Hessian is made of a matrix between the rows and one between the columns, against dense systems in all their unknowns.</summary>
public class KroneckerTests
{
    private static readonly HessianForm[] Forms = [HessianForm.Auto, HessianForm.Kronecker, HessianForm.Cholesky, HessianForm.ConjugateGradient];

    private readonly torch.Generator generator = new();

    /// <summary>(I + down D₁ᵀD₁ ⊗ I + across I ⊗ D₂ᵀD₂) y = x, the gradient in x a solution of the same system, that in down −λᵀ(D₁ᵀD₁ ⊗ I)y.</summary>
    [Theory]
    [InlineData(5, 4)]
    [InlineData(3, 8)]
    [InlineData(1, 6)]
    public void Smoothing_an_image(long height, long width)
    {
        using var scope = Seeded(height);
        var (x, g) = (Normal(height, width), Normal(height, width));
        var rows = Product(Differences(height), Identity(width));
        var hessian = Identity(height * width) + (2 * rows) + (0.5 * Product(Identity(height), Differences(width)));
        var y = Solved(hessian, x);
        var lambda = Solved(hessian, g);
        foreach (var form in Forms)
        {
            var (leaf, down) = (x.clone().requires_grad_(), tensor(2.0).requires_grad_());
            var result = new SmoothImageLayer(new ArgminOptions { Hessian = form }).Solve(leaf, down, tensor(0.5));
            result.Solution.backward([g]);
            Close(result.Solution, y);
            Close(leaf.grad!, lambda);
            Close(down.grad!, -lambda.flatten().dot(rows.mv(y.flatten())));
        }
    }

    /// <summary>AᵀA Y + λ Y BBᵀ = AᵀC.</summary>
    [Theory]
    [InlineData(7, 4, 3, 5)]
    [InlineData(5, 3, 6, 9)]
    public void Sylvesters_equation(long n, long d, long k, long m)
    {
        using var scope = Seeded(n);
        var (a, b, c, g) = (Normal(n, d), Normal(k, m), Normal(n, k), Normal(d, k));
        var hessian = Product(a.T.mm(a), Identity(k)) + (0.7 * Product(Identity(d), b.mm(b.T)));
        foreach (var form in Forms)
        {
            var leaf = c.clone().requires_grad_();
            var result = new SylvesterLayer(new ArgminOptions { Hessian = form }).Solve(a, b, leaf, tensor(0.7));
            result.Solution.backward([g]);
            Close(result.Solution, Solved(hessian, a.T.mm(c)));
            Close(leaf.grad!, a.mm(Solved(hessian, g)));
        }
    }

    /// <summary>(AᵀA ⊗ BBᵀ + λI) y = AᵀCBᵀ.</summary>
    [Fact]
    public void A_ridge_between_two_sides()
    {
        using var scope = Seeded(3);
        var (a, b, c, g) = (Normal(2, 7, 4), Normal(3, 5), Normal(2, 7, 5), Normal(2, 4, 3));
        foreach (var form in Forms)
        {
            var leaf = c.clone().requires_grad_();
            var result = new TwoSidedRidgeLayer(new ArgminOptions { Hessian = form }).Solve(a, b, leaf, tensor(0.7));
            result.Solution.backward([g]);
            for (var i = 0; i < 2; i++)
            {
                var hessian = Product(a[i].T.mm(a[i]), b.mm(b.T)) + (0.7 * Identity(12));
                Close(result.Solution[i], Solved(hessian, a[i].T.mm(c[i]).mm(b.T)));
                Close(leaf.grad![i], a[i].mm(Solved(hessian, g[i])).mm(b));
            }
        }
    }

    /// <summary>Gradients in the matrices themselves agree between the forms, one of which knows no Kronecker product.</summary>
    [Fact]
    public void All_forms_agree_in_every_input()
    {
        using var scope = Seeded(4);
        Tensor[] inputs = [Normal(2, 7, 4), Normal(3, 5), Normal(2, 7, 3), tensor(0.7)];
        var g = Normal(2, 4, 3);
        Tensor[] Gradients(HessianForm form)
        {
            var leaves = inputs.Select(input => input.clone().requires_grad_()).ToArray();
            new SylvesterLayer(new ArgminOptions { Hessian = form }).call(leaves[0], leaves[1], leaves[2], leaves[3]).backward([g]);
            return [.. leaves.Select(leaf => leaf.grad!)];
        }
        var dense = Gradients(HessianForm.Cholesky);
        foreach (var (own, expected) in Gradients(HessianForm.Kronecker).Zip(dense))
        {
            Close(own, expected);
        }
    }

    [Fact]
    public void The_report_says_so_and_the_check_is_clean()
    {
        using var scope = Seeded(5);
        var (a, b, c) = (Normal(7, 4), Normal(3, 5), Normal(7, 3));
        using var layer = new SylvesterLayer(new ArgminOptions { EstimateCondition = true });
        var report = layer.Solve(a, b, c, tensor(0.7)).Problems[0];
        report.Hessian.ShouldBe(HessianForm.Kronecker);
        var eigenvalues = linalg.eigvalsh(Product(a.T.mm(a), Identity(3)) + (0.7 * Product(Identity(4), b.mm(b.T))));
        report.Condition!.Value.ShouldBe((eigenvalues.max() / eigenvalues.min()).item<double>(), 1e-6 * report.Condition.Value);
        var check = layer.Check(a, b, c, tensor(0.7));
        check.Passed.ShouldBeTrue(check.ToString());
    }

    /// <summary>A direction that neither A nor B sees has no curvature, which the sums of eigenvalues show.</summary>
    [Fact]
    public void A_singular_operator_is_told()
    {
        using var scope = Seeded(6);
        var (a, b) = (Normal(7, 4), Normal(3, 5));
        a[.., 1] = zeros(7, dtype: ScalarType.Float64);
        b[2] = zeros(5, dtype: ScalarType.Float64);
        new SylvesterLayer().Solve(a, b, Normal(7, 3), tensor(0.7)).Problems[0].Status.ShouldBe(ArgminStatus.HessianSingular);
    }

    private static Tensor Solved(Tensor hessian, Tensor right) => linalg.solve(hessian, right.reshape(-1, 1)).reshape(right.shape);

    private static Tensor Identity(long extent) => eye(extent, dtype: ScalarType.Float64);

    private static Tensor Differences(long extent)
    {
        var d = Identity(extent)[1..] - Identity(extent)[..^1];
        return d.T.mm(d);
    }

    private static Tensor Product(Tensor rows, Tensor columns)
    {
        var (n, m) = (rows.size(0), columns.size(0));
        return (rows.reshape(n, 1, n, 1) * columns.reshape(1, m, 1, m)).reshape(n * m, n * m);
    }

    private IDisposable Seeded(long seed)
    {
        generator.manual_seed(seed);
        return NewDisposeScope();
    }

    private Tensor Normal(params long[] shape) => randn(shape, dtype: ScalarType.Float64, generator: generator);

    private static void Close(Tensor actual, Tensor expected)
    {
        actual.shape.ShouldBe(expected.shape);
        (actual.detach() - expected).abs().max().ToDouble().ShouldBeLessThan(1e-8 * (1 + expected.abs().max().ToDouble()));
    }
}
