using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Objectives whose φ″ couples the predictions, on the side of the predictors: a pairwise squared hinge and a soft maximum.</summary>
public class CoupledTests
{
    public static TheoryData<int, HessianForm, SolverKind> Cases()
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

    /// <summary>Solution and Jacobians of the pairwise hinge against an independent implementation.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void PairwiseHinge(int number, HessianForm form, SolverKind kind)
    {
        var layer = new PairwiseHingeLayer(new() { Hessian = form, Solver = kind });
        FixtureTests.Check(number, "pairwise_squared_hinge", ["v", "C"], new Ordered(layer));
    }

    /// <summary>With p = softmax(Ay + b), S = diag(p) − ppᵀ and H = λI + AᵀSA: λy = −(c + Aᵀp), ∂y/∂b = −H⁻¹AᵀS and ∂y/∂c = −H⁻¹.</summary>
    [Theory]
    [InlineData(4, 9, SolverKind.SpanNewton)]
    [InlineData(9, 4, SolverKind.SpanNewton)]
    [InlineData(9, 4, SolverKind.Auto)]
    [InlineData(4, 9, SolverKind.Newton)]
    public void SoftMaximum(int k, int n, SolverKind kind)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw((7 * k) + n);
        var (a, b, c, lambda) = (draw.Normal(k, n) * 2, draw.Normal(k).requires_grad_(), draw.Normal(n).requires_grad_(), tensor(0.3));
        var y = new SoftMaximumLayer(new() { Solver = kind }).call(a, b, c, lambda);
        var g = draw.Normal(n);
        y.backward([g]);
        var p = (a.mv(y) + b).softmax(0).detach();
        Compare.Close(lambda * y, -(c + a.t().mv(p)), 1e-12);
        var s = p.diag() - p.outer(p);
        var adjoint = linalg.solve((lambda * eye(n, dtype: float64)) + a.t().mm(s).mm(a), g.unsqueeze(-1)).squeeze(-1);
        Compare.Close(b.grad!, -s.mv(a.mv(adjoint)), 1e-11);
        Compare.Close(c.grad!, -adjoint, 1e-11);
    }

    /// <summary>The small side is taken, whichever that is, and a piecewise quadratic φ ends after few steps.</summary>
    [Theory]
    [InlineData(8, 40, SolverKind.SpanNewton)]
    [InlineData(40, 8, SolverKind.Newton)]
    public void TheSmallerSideIsTaken(int t, int d, SolverKind expected)
    {
        using var scope = NewDisposeScope();
        var report = new PairwiseHingeLayer().Solve(new Draw(3).Normal(t, d), ones(t, t, dtype: float64).triu(1), tensor(1.0)).Problems[0];
        (report.Solver, report.Status).ShouldBe((expected, ArgminStatus.Converged));
        report.Iterations.ShouldBeLessThan(15);
    }

    /// <summary>With no fewer predictors than unknowns the dense form is taken without a look at the factors: those of coupled predictions can have a row for every pair.</summary>
    [Theory]
    [InlineData(12, 5)]
    [InlineData(5, 5)]
    public void FactorsAreNotBuiltWherePredictorsAreMany(int t, int d)
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = [new Draw(4).Frames(t, d), ones(t, dtype: float64).cumsum(0), ones(t, dtype: float64), tensor(2.0), tensor(0.1)];
        static Tensor Untouched(string piece, Tensor value) => piece.StartsWith("Factors", StringComparison.Ordinal) ? throw new InvalidOperationException("The factors were built.") : value;
        var solver = new ArgminSolver(RankPoolingProblem.Facts, new() { Solver = SolverKind.Newton }, bound => new TamperedProblem(new RankPoolingProblem(bound), Untouched));
        solver.Solve(null, inputs).Problems[0].Status.ShouldBe(ArgminStatus.Converged);
    }

    /// <summary>In float32 a stiff problem goes on in float64, and either way the solution is that of float64.</summary>
    [Theory]
    [InlineData(0.01, ScalarType.Float32)]
    [InlineData(1, ScalarType.Float32)]
    [InlineData(1e4, ScalarType.Float64)]
    public void Float32(double c, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        var (v, g) = (new Draw(5).Frames(12, 40).to(float32), new Draw(6).Normal(40).to(float32));
        (Tensor Y, Tensor Gradient, ProblemReport Report) Run(ScalarType type)
        {
            var leaf = v.to(type).clone().requires_grad_();
            var result = new PairwiseHingeLayer().Solve(leaf, ones(12, 12, dtype: type).triu(1), tensor(c).to(type));
            result.Solution.backward([g.to(type)]);
            return (result.Solution, leaf.grad!, result.Problems[0]);
        }
        var (single, exact) = (Run(float32), Run(float64));
        single.Report.Status.ShouldBe(ArgminStatus.Converged);
        single.Report.Precision.ShouldBe(precision);
        Part(single.Y, exact.Y).ShouldBeLessThan(1e-5);
        Part(single.Gradient, exact.Gradient).ShouldBeLessThan(1e-4);
        static double Part(Tensor x, Tensor y) => ((x.to(float64) - y).norm() / y.norm()).item<double>();
    }

    [Fact]
    public void ABatchIsItsProblems()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(8);
        var (v, pair, c, g) = (draw.Normal(4, 5, 9), draw.Uniform(0, 1, 5, 5), draw.Uniform(0.1, 100, 4), draw.Normal(4, 9));
        var (batch, shared) = (v.clone().requires_grad_(), pair.clone().requires_grad_());
        new PairwiseHingeLayer().call(batch, shared, c).backward([g]);
        var total = zeros_like(pair);
        for (var k = 0; k < 4; k++)
        {
            var (one, own) = (v[k].clone().requires_grad_(), pair.clone().requires_grad_());
            new PairwiseHingeLayer().call(one, own, c[k]).backward([g[k]]);
            Compare.Close(batch.grad![k], one.grad!, 1e-11);
            total += own.grad!;
        }
        Compare.Close(shared.grad!, total, 1e-11);
    }

    /// <summary>Second derivatives are those of the first ones, by central differences.</summary>
    [Fact]
    public void SecondDerivatives()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(9);
        Tensor[] x = [draw.Normal(4, 7), draw.Normal(4), draw.Normal(7), tensor(0.5)];
        Tensor[] direction = [draw.Normal(4, 7), draw.Normal(4), draw.Normal(7), tensor(0.2)];
        var (g, weights) = (draw.Normal(7), x.Select(input => draw.Normal(input.shape)).ToArray());
        Tensor First(Tensor[] leaves, bool differentiable)
        {
            var y = new SoftMaximumLayer().call(leaves[0], leaves[1], leaves[2], leaves[3]);
            return autograd.grad([(y * g).sum()], leaves, create_graph: differentiable, retain_graph: differentiable).Zip(weights, (gradient, weight) => (gradient * weight).sum()).Aggregate((left, right) => left + right);
        }
        Tensor[] Leaves(double step) => [.. x.Zip(direction, (input, along) => (input + (step * along)).clone().requires_grad_())];
        var at = Leaves(0);
        var second = autograd.grad([First(at, true)], at).Zip(direction, (gradient, along) => (gradient * along).sum().item<double>()).Sum();
        const double Step = 1e-5;
        var difference = (First(Leaves(Step), false) - First(Leaves(-Step), false)).item<double>() / (2 * Step);
        second.ShouldBe(difference, 1e-7 * Math.Max(1, Math.Abs(difference)));
    }

    /// <summary>
    /// Scalar frames 0, 1 and d with the pairs (0, 1) and (0, d), C = 1: u = ½ from the first pair alone, and the second is at its margin where d = 2; below that both pull, and
    /// u = (1 + d)/(2 + d²).
    /// </summary>
    [Theory]
    [InlineData(2.0, ArgminStatus.OnAKink, 0.5)]
    [InlineData(2.1, ArgminStatus.Converged, 0.5)]
    [InlineData(1.9, ArgminStatus.Converged, 2.9 / 5.61)]
    [InlineData(2 + 1e-5, ArgminStatus.Converged, 0.5)]
    public void TheMarginIsAKink(double d, ArgminStatus expected, double solution)
    {
        using var scope = NewDisposeScope();
        foreach (var kind in new[] { SolverKind.SpanNewton, SolverKind.Newton, SolverKind.DampedNewton })
        {
            foreach (var dtype in new[] { ScalarType.Float64, ScalarType.Float32 })
            {
                var v = tensor(new[] { 0, 1, d }).unsqueeze(-1).to(dtype).requires_grad_();
                var pair = tensor(new double[,] { { 0, 1, 1 }, { 0, 0, 0 }, { 0, 0, 0 } }).to(dtype);
                var result = new PairwiseHingeLayer(new() { Solver = kind }).Solve(v, pair, tensor(1.0).to(dtype));
                result.Problems[0].Status.ShouldBe(expected, $"{kind}, {dtype}");
                Compare.Close(result.Solution, [solution], 1e-6);
            }
        }
    }

    [Fact]
    public void FramesThatAreAllTheSameHaveNothingToRank()
    {
        using var scope = NewDisposeScope();
        foreach (var c in new[] { 1e-8, 1, 1e8 })
        {
            var result = new PairwiseHingeLayer().Solve(ones(4, 9, dtype: float64), ones(4, 4, dtype: float64).triu(1), tensor(c));
            result.Converged.ShouldBeTrue($"C = {c}");
            Compare.Close(result.Solution, zeros(9, dtype: float64), 1e-12);
        }
    }

    /// <summary>All pairs in order of time, as the fixtures have them.</summary>
    private sealed class Ordered(PairwiseHingeLayer layer) : ILayer
    {
        public Tensor Call(params Tensor[] inputs) => layer.call(inputs[0], Pairs(inputs[0]), inputs[1]);

        public ArgminResult Solve(Tensor? start, params Tensor[] inputs) => layer.Solve(inputs[0], Pairs(inputs[0]), inputs[1], start);

        public void ThrowIfFailed() => layer.ThrowIfFailed();

        private static Tensor Pairs(Tensor v) => ones(v.size(-2), v.size(-2), dtype: v.dtype).triu(1);
    }
}
