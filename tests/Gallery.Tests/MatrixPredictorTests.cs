using ArgminLayers;
using ArgminLayers.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace Gallery.Tests;

/// <summary>A matrix of unknowns that the data act on column by column, solved on the side of the predictions where there are more features than samples.</summary>
public class MatrixPredictorTests
{
    private readonly torch.Generator generator = new(8);

    [Theory]
    [InlineData(6, 40, 3, SolverKind.SpanNewton)]
    [InlineData(5, 5, 2, SolverKind.SpanNewton)]
    [InlineData(9, 4, 3, SolverKind.Newton)]
    public void Solution_and_gradients_are_those_of_autograds_implicit_function(long samples, long features, long classes, SolverKind expected)
    {
        using var scope = NewDisposeScope();
        var (x, label, ridge) = Inputs(samples, features, classes);
        using var layer = new MultinomialLayer();
        layer.Solve(x, label, ridge).Problems[0].Solver.ShouldBe(expected);
        var y = layer.call(x, label, ridge);
        var direction = Normal(features, classes);
        y.backward([direction]);

        // ∇f(y*) = 0, and ∂L/∂x = −∂(λᵀ∇f)/∂x with Hλ = ∂L/∂y.
        var at = y.detach().requires_grad_();
        var objective = Classification.Multinomial(at, x, label, ridge);
        var gradient = Autograd.Gradient(objective, at, create: true);
        Close(gradient, zeros_like(gradient));
        var lambda = linalg.solve(Autograd.Hessian(objective, at), direction.reshape(-1, 1)).reshape(features, classes).detach();
        var contracted = gradient.mul(lambda).sum().neg();
        foreach (var input in new[] { x, label, ridge })
        {
            Close(input.grad!, Autograd.Gradient(contracted, input));
        }
    }

    [Fact]
    public void A_batch_in_float32_is_that_of_its_problems()
    {
        using var scope = NewDisposeScope();
        var parts = Enumerable.Range(0, 3).Select(_ => Inputs(6, 30, 4)).ToArray();
        Tensor Batch(Func<(Tensor X, Tensor Label, Tensor Ridge), Tensor> of) => stack(parts.Select(part => of(part).detach()).ToArray()).to(ScalarType.Float32);
        using var layer = new MultinomialLayer();
        var together = layer.Solve(Batch(part => part.X), Batch(part => part.Label), tensor(0.5f));
        together.Problems.Select(problem => (problem.Solver, problem.Status)).ShouldAllBe(pair => pair.Solver == SolverKind.SpanNewton && pair.Status == ArgminStatus.Converged);
        for (var k = 0; k < parts.Length; k++)
        {
            var alone = layer.Solve(parts[k].X.detach(), parts[k].Label.detach(), parts[k].Ridge.detach());
            (together.Solution[k].to(ScalarType.Float64) - alone.Solution).abs().max().item<double>().ShouldBeLessThan(1e-5);
        }
    }

    [Fact]
    public void Second_derivatives_are_those_of_the_other_side()
    {
        using var scope = NewDisposeScope();
        var (x, label, ridge) = Inputs(4, 9, 3);
        var direction = Normal(4, 9);
        Tensor Second(ArgminOptions options)
        {
            using var layer = new MultinomialLayer(options);
            var y = layer.call(x, label, ridge);
            var first = autograd.grad([y.square().sum()], [x], retain_graph: true, create_graph: true)[0];
            var second = autograd.grad([(first * direction).sum()], [ridge])[0];
            layer.ThrowIfFailed();
            return second;
        }
        var other = Second(new ArgminOptions { Solver = SolverKind.Newton, Hessian = HessianForm.Cholesky });
        other.abs().item<double>().ShouldBeGreaterThan(1e-3);
        Close(Second(new ArgminOptions { Solver = SolverKind.SpanNewton }), other);
    }

    [Theory]
    [InlineData(HessianForm.Cholesky)]
    [InlineData(HessianForm.ConjugateGradient)]
    public void Every_form_of_the_Hessian_gives_its_gradient(HessianForm form)
    {
        using var scope = NewDisposeScope();
        var (x, label, ridge) = Inputs(4, 9, 3);
        Tensor Gradient(ArgminOptions options)
        {
            x.grad = null;
            new MultinomialLayer(options).call(x, label, ridge).square().sum().backward();
            return x.grad!;
        }
        Close(Gradient(new ArgminOptions { Solver = SolverKind.SpanNewton, Hessian = form }), Gradient(new ArgminOptions()));
    }

    [Fact]
    public void Its_check_passes()
    {
        using var scope = NewDisposeScope();
        var (x, label, ridge) = Inputs(6, 20, 3);
        using var layer = new MultinomialLayer();
        var report = layer.Check(x.detach(), label.detach(), ridge.detach());
        report.Passed.ShouldBeTrue(report.ToString());
    }

    private (Tensor X, Tensor Label, Tensor Ridge) Inputs(long samples, long features, long classes) =>
        (Normal(samples, features).requires_grad_(), Normal(samples, classes).softmax(1).requires_grad_(), tensor(0.5, dtype: ScalarType.Float64, requires_grad: true));

    private Tensor Normal(params long[] shape) => randn(shape, dtype: ScalarType.Float64, generator: generator);

    private static void Close(Tensor actual, Tensor expected)
    {
        actual.shape.ShouldBe(expected.shape);
        (actual.detach() - expected).abs().max().item<double>().ShouldBeLessThan(1e-8 * (1 + expected.abs().max().item<double>()));
    }
}
