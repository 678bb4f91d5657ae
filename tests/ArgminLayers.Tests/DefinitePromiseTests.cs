using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>The promise that a matrix is symmetric and positive definite: kept it solves, broken it names the parameter and the problem.</summary>
public class DefinitePromiseTests
{
    [Theory]
    [InlineData(ScalarType.Float64, 1e-11)]
    [InlineData(ScalarType.Float32, 1e-3)]
    public void KeptItSolvesAndHasTheGradientOfAMatrixWithoutSymmetry(ScalarType dtype, double tolerance)
    {
        using var scope = NewDisposeScope();
        var (P, b) = Inputs(dtype);
        P.requires_grad = true;
        b.requires_grad = true;
        using var layer = new QuadraticLayer();
        var y = layer.call(P, b);

        var (P1, b1) = (P.detach().requires_grad_(), b.detach().requires_grad_());
        var expected = linalg.solve((P1 + P1.mT) / 2, b1.unsqueeze(-1)).squeeze(-1);
        y.sub(expected).abs().max().ToDouble().ShouldBeLessThan(tolerance);
        y.sin().sum().backward();
        expected.sin().sum().backward();
        P.grad!.sub(P1.grad!).abs().max().ToDouble().ShouldBeLessThan(tolerance);
        b.grad!.sub(b1.grad!).abs().max().ToDouble().ShouldBeLessThan(tolerance);
        layer.Check(P.detach(), b.detach()).Passed.ShouldBeTrue();
    }

    [Fact]
    public void BrokenItNamesTheParameterAndTheProblem()
    {
        using var scope = NewDisposeScope();
        using var layer = new QuadraticLayer();
        var (P, b) = Inputs(ScalarType.Float64);
        var askew = P.clone();
        askew[1, 0, 2] += 1e-6;
        var exception = Should.Throw<ArgumentException>(() => layer.call(askew, b));
        exception.ParamName.ShouldBe("P");
        exception.Message.ShouldContain("P is not symmetric in problem 1 of the batch; Quadratic promises [PositiveDefinite], and its solution rests on that.");

        var indefinite = P.clone();
        indefinite[2] = diag(tensor([1.0, -1e-3, 1.0]));
        Should.Throw<ArgumentException>(() => layer.call(indefinite, b)).Message.ShouldContain("P is not positive definite in problem 2 of the batch");
    }

    [Fact]
    public void AMatrixThatIsNotFiniteCostsItsOwnProblemOnly()
    {
        using var scope = NewDisposeScope();
        using var layer = new QuadraticLayer();
        var (P, b) = Inputs(ScalarType.Float64);
        P[1, 0, 0] = double.NaN;
        layer.Solve(P, b).Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.Converged, ArgminStatus.InputNotFinite, ArgminStatus.Converged]);
    }

    private static (Tensor P, Tensor B) Inputs(ScalarType dtype)
    {
        var draw = new Draw(5);
        var root = draw.Normal(3, 3, 3);
        return ((root.matmul(root.mT) + eye(3, dtype: ScalarType.Float64)).to(dtype), draw.Normal(3, 3).to(dtype));
    }
}
