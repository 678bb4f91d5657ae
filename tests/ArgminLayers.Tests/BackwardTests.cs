using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>What the backward pass promises: only what is asked for, right second derivatives, and no failure that goes unheard.</summary>
public class BackwardTests
{
    [Fact]
    public void WithoutAGradientToComputeThereIsNoNode()
    {
        using var scope = NewDisposeScope();
        var v = new Draw(1).Normal(4, 3);
        Pool(v).requires_grad.ShouldBeFalse();
        var leaf = v.clone().requires_grad_();
        using (no_grad())
            Pool(leaf).requires_grad.ShouldBeFalse();
        Pool(leaf).requires_grad.ShouldBeTrue();
    }

    [Fact]
    public void OnlyTheGradientsThatAreAskedForAreComputed()
    {
        using var scope = NewDisposeScope();
        var asked = new List<bool[]>();
        var solver = new ArgminSolver(RankPoolingProblem.Facts, new(), inputs => new RankPoolingProblem(inputs) { Asked = asked });
        var epsilon = tensor(0.1).requires_grad_();
        var v = new Draw(1).Normal(4, 3);
        solver.Call(v, arange(1, 5, dtype: float64), ones(4, dtype: float64), tensor(1.0), epsilon).sum().backward();
        asked.ShouldHaveSingleItem().ShouldBe([false, false, false, false, true]);
        v.grad.ShouldBeNull();
        epsilon.grad.ShouldNotBeNull();
    }

    /// <summary>Forward and backward, with any solver, where the structure or the form allows it.</summary>
    [Theory]
    [InlineData(HessianForm.Auto)]
    [InlineData(HessianForm.Woodbury)]
    [InlineData(HessianForm.ConjugateGradient)]
    [InlineData(HessianForm.Diagonal)]
    [InlineData(HessianForm.ShermanMorrison)]
    public void NoDenseHessianIsFormed(HessianForm form)
    {
        using var scope = NewDisposeScope();
        foreach (var kind in Solvers.All)
        {
            var solver = new ArgminSolver(RankPoolingProblem.Facts, new() { Hessian = form, Solver = kind }, inputs => new RankPoolingProblem(inputs) { ForbidsDense = true });
            var v = new Draw(1).Normal(2, 4, 9).requires_grad_();
            solver.Call(v, arange(1, 5, dtype: float64), ones(4, dtype: float64), tensor(1.0), tensor(0.1)).sum().backward();
            solver.ThrowIfFailed();
            v.grad!.isfinite().all().item<bool>().ShouldBeTrue();
        }
    }

    [Fact]
    public void BackwardTwiceOverARetainedGraphGivesTwiceTheGradient()
    {
        using var scope = NewDisposeScope();
        var leaf = new Draw(2).Normal(4, 3).requires_grad_();
        var u = Pool(leaf).sum();
        u.backward(retain_graph: true);
        var once = leaf.grad!.clone();
        u.backward();
        Compare.Close(leaf.grad!, once * 2, 1e-14);
    }

    /// <summary>y = x³: a factor taken for a constant would give 12 at x = 3, or 0.</summary>
    [Fact]
    public void TheSecondDerivativeOfACubeIs6X()
    {
        using var scope = NewDisposeScope();
        foreach (var form in new[] { HessianForm.Auto, HessianForm.Cholesky, HessianForm.Diagonal })
        {
            var x = tensor(new[] { 3.0, -1.0 }).requires_grad_();
            var first = autograd.grad([CubeProblem.Solver(new() { Hessian = form }).Call(x).sum()], [x], create_graph: true, retain_graph: true)[0];
            Compare.Close(first, [27, 3], 1e-13);
            Compare.Close(autograd.grad([first.sum()], [x])[0], [18, -6], 1e-13);
        }
    }

    /// <summary>y³ + ay = x: y′ = 1/(3y² + a), y″ = −6y y′³, and ∂²y/∂x∂a = y′²(6y²y′ − 1).</summary>
    [Fact]
    public void TheSecondDerivativeOfACubicRoot()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 2.0 }).requires_grad_();
        var a = tensor(1.0).requires_grad_();
        var solved = CubicRootProblem.Solver(Curvature.Convex).Call(x, a);
        var first = autograd.grad([solved.sum()], [x], create_graph: true, retain_graph: true)[0];
        Compare.Close(solved, [1], 1e-15);
        Compare.Close(first, [1.0 / 4], 1e-14);
        var second = autograd.grad([first.sum()], [x, a]);
        Compare.Close(second[0], [-6.0 / 64], 1e-14);
        Compare.Close(second[1].reshape(1), [((6.0 / 4) - 1) / 16], 1e-14);
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(8, 4)]
    public void SecondDerivativesOfRankPoolingMatchDifferencesOfTheFirst(int t, int d)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(4);
        Tensor[] inputs = [draw.Normal(t, d), draw.Normal(t) * 2, draw.Uniform(0.5, 1, t), tensor(1.3), tensor(0.2)];
        var g = draw.Normal(d);
        var direction = inputs.Select(input => draw.Normal(input.shape)).ToArray();

        // s(x) = Σ ⟨∂⟨g, u⟩/∂x, direction⟩; its gradient against a central difference along the same direction.
        Tensor First(Tensor[] leaves, bool differentiable)
        {
            var gradients = autograd.grad([(Solver().Call(leaves) * g).sum()], leaves, create_graph: differentiable, retain_graph: differentiable);
            return gradients.Zip(direction, (gradient, along) => (gradient * along).sum()).Aggregate((sum, term) => sum + term);
        }
        double FirstAt(double h) => First([.. inputs.Zip(direction, (input, along) => (input + (along * h)).requires_grad_())], false).item<double>();

        Tensor[] leaves = [.. inputs.Select(input => input.clone().requires_grad_())];
        var second = autograd.grad([First(leaves, true)], leaves).Zip(direction, (gradient, along) => (gradient * along).sum().item<double>()).Sum();
        const double Step = 1e-5;
        var difference = (FirstAt(Step) - FirstAt(-Step)) / (2 * Step);
        second.ShouldBe(difference, 1e-6 * Math.Max(1, Math.Abs(difference)));
        Solver().ThrowIfFailed();
    }

    /// <summary>Against differences in 31 digits.</summary>
    [Theory]
    [InlineData(HessianForm.Auto)]
    [InlineData(HessianForm.Cholesky)]
    [InlineData(HessianForm.ShermanMorrison)]
    public void SecondDerivativesOfAStiffProblemAreRight(HessianForm form)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(412);
        const double C = 1e8, Epsilon = 0.125, Step = 1e-4;
        var (frames, g, along) = (draw.Normal(4, 6).to(float32).to(float64), draw.Normal(6).to(float32).to(float64), draw.Normal(4, 6).to(float32).to(float64));
        double[] t = [1, 2, 3, 4];
        double[] FirstAt(double h)
        {
            var rows = new double[4, 6];
            Buffer.BlockCopy((frames + (along * h)).data<double>().ToArray(), 0, rows, 0, sizeof(double) * rows.Length);
            return ExactRankPooling.Solve(rows, t, [1, 1, 1, 1], C, Epsilon, g.data<double>().ToArray()).FramesGradient;
        }

        var layer = new RankPool(C, Epsilon, new() { Hessian = form });
        var v = frames.clone().requires_grad_();
        var u = layer.Call(v, tensor(t), ones(4, dtype: float64));
        var first = autograd.grad([(u * g).sum()], [v], create_graph: true, retain_graph: true)[0];
        layer.ThrowIfFailed();
        Compare.Close(first, FirstAt(0), 1e-6);
        var second = autograd.grad([(first * along).sum()], [v])[0];
        Compare.Close(second, [.. FirstAt(Step).Zip(FirstAt(-Step), static (after, before) => (after - before) / (2 * Step))], 1e-4);
    }

    /// <summary>The float of a solution that took float64 does not tell on which piece of a stiff tube a frame is; derivatives built on it were wrong in every digit.</summary>
    [Theory]
    [InlineData(HessianForm.Auto)]
    [InlineData(HessianForm.Cholesky)]
    public void ASecondDerivativeThatTheInputsDtypeCannotHoldFailsLoudly(HessianForm form)
    {
        using var scope = NewDisposeScope();
        var pool = new RankPool(1e8, 0.125, new() { Hessian = form });
        var leaf = new Draw(412).Normal(4, 6).to(float32).requires_grad_();
        pool.Call(leaf, arange(1, 5, dtype: float32), ones(4, dtype: float32)).sum().backward(create_graph: true);
        leaf.grad!.isnan().all().item<bool>().ShouldBeTrue();
        Should.Throw<ArgminException>(pool.ThrowIfFailed).Message.ShouldContain("inputs in Float64");
    }

    [Fact]
    public void ASecondDerivativeThroughTheApproximationFailsLoudly()
    {
        using var scope = NewDisposeScope();
        var pool = new RankPool(options: new() { Hessian = HessianForm.Diagonal });
        var leaf = new Draw(1).Normal(4, 3).requires_grad_();
        var u = pool.Call(leaf, arange(1, 5, dtype: float64), ones(4, dtype: float64));
        u.sum().backward(create_graph: true);
        leaf.grad!.isnan().all().item<bool>().ShouldBeTrue();
        Should.Throw<ArgminException>(pool.ThrowIfFailed).Message.ShouldContain("HessianForm.Diagonal");
        pool.ThrowIfFailed();
    }

    [Fact]
    public void AFailureInTheBackwardPassGivesNaNAndIsRecordedOnce()
    {
        using var scope = NewDisposeScope();
        var solver = new ArgminSolver(RankPoolingProblem.Facts, new(), inputs => new RankPoolingProblem(inputs) { FailsBackward = true });
        var leaf = new Draw(1).Normal(2, 4, 3).requires_grad_();
        var c = tensor(1.0).requires_grad_();
        var u = solver.Call(leaf, arange(1, 5, dtype: float64), ones(4, dtype: float64), c, tensor(0.1));
        u.sum().backward();
        leaf.grad!.isnan().all().item<bool>().ShouldBeTrue();
        c.grad!.isnan().item<bool>().ShouldBeTrue();
        var exception = Should.Throw<ArgminException>(solver.ThrowIfFailed);
        exception.Message.ShouldContain("backward");
        exception.Message.ShouldContain("it went wrong on purpose");
        exception.InnerException.ShouldBeOfType<InvalidOperationException>();
        solver.ThrowIfFailed();
    }

    [Fact]
    public void GradientsOfProblemsWithoutASolutionAreNaN()
    {
        using var scope = NewDisposeScope();
        var solver = CubicRootProblem.Solver(Curvature.Unknown, options: new() { ThrowOnFailure = false });
        var x = tensor(new double[,] { { 2 }, { 0 } }).requires_grad_();
        var a = tensor(new[] { 1.0, -1 }).requires_grad_();
        solver.Call(x, a).sum().backward();
        Compare.Close(x.grad![0], [0.25], 1e-14);
        double.IsNaN(x.grad[1, 0].item<double>()).ShouldBeTrue();
        double.IsFinite(a.grad![0].item<double>()).ShouldBeTrue();
        double.IsNaN(a.grad[1].item<double>()).ShouldBeTrue();
        Should.Throw<ArgminException>(solver.ThrowIfFailed).Failures.Single().Status.ShouldBe(ArgminStatus.NotAMinimum);
    }

    /// <summary>y³ + ay = x: the second problem's Hessian is singular, and would make the system of the whole batch so.</summary>
    [Fact]
    public void AProblemWithoutASolutionLeavesTheSecondDerivativesOfTheOthers()
    {
        using var scope = NewDisposeScope();
        var solver = CubicRootProblem.Solver(Curvature.Convex, options: new() { ThrowOnFailure = false });
        var (x, a) = (tensor(new double[,] { { 2 }, { 0 }, { 2 } }).requires_grad_(), tensor(new[] { 1.0, 0, 1 }).requires_grad_());
        var first = autograd.grad([solver.Call(x, a).sum()], [x], create_graph: true, retain_graph: true)[0];
        Compare.Close(first[0], [0.25], 1e-14);
        double.IsNaN(first[1, 0].item<double>()).ShouldBeTrue();
        Should.Throw<ArgminException>(solver.ThrowIfFailed).Failures.Single().Index.ShouldBe(1);
        var second = autograd.grad([first[0].sum() + first[2].sum()], [x, a]);
        foreach (var i in new[] { 0, 2 })
        {
            Compare.Close(second[0][i], [-6.0 / 64], 1e-14);
            Compare.Close(second[1][i].reshape(1), [((6.0 / 4) - 1) / 16], 1e-14);
        }
    }

    [Fact]
    public void ASolutionWithAStartIsTheSame()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(5);
        foreach (var kind in Solvers.All)
        {
            var pool = new RankPool(options: new() { Solver = kind });
            Tensor[] inputs = [draw.Normal(2, 4, 3), arange(1, 5, dtype: float64), ones(4, dtype: float64)];
            var cold = pool.Solve(inputs[0], inputs[1], inputs[2]);
            var warm = pool.Solve(cold.Solution, inputs);
            var far = pool.Solve(draw.Normal(3) * 100, inputs);
            Compare.Close(warm.Solution, cold.Solution, 1e-12);
            Compare.Close(far.Solution, cold.Solution, 1e-12);
            // L-BFGS knows that it has arrived only when nothing improves any more.
            warm.Problems.ShouldAllBe(problem => problem.Iterations <= (kind == SolverKind.Lbfgs ? 25 : 1));
        }
    }

    private static Tensor Pool(Tensor v) => new RankPool().Call(v, arange(1, 5, dtype: float64), ones(4, dtype: float64));

    private static LearnedRankPool Solver() => new();
}
