using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>A result may be refused, but where the status says Converged it is right: C from 1e-8 to 1e8 and features at scales of 1e-6 to 1e6, against 100 digits.</summary>
public class StiffTests
{
    private const double Exhausted = 0.01;

    public static TheoryData<string, HessianForm, SolverKind> Sweeps()
    {
        var cases = new TheoryData<string, HessianForm, SolverKind>();
        foreach (var frames in new[] { "normal", "smooth", "long", "repeated" })
        {
            cases.Add(frames, HessianForm.Auto, SolverKind.Auto);
            cases.Add(frames, HessianForm.Auto, SolverKind.SpanNewton);
            cases.Add(frames, HessianForm.Cholesky, SolverKind.Auto);
            cases.Add(frames, HessianForm.Cholesky, SolverKind.Newton);
            cases.Add(frames, HessianForm.Woodbury, SolverKind.Newton);
            cases.Add(frames, HessianForm.ShermanMorrison, SolverKind.Newton);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Sweeps))]
    public void ConvergedMeansRight(string frames, HessianForm form, SolverKind solver)
    {
        using var scope = NewDisposeScope();
        foreach (var at in StiffCase.Of(frames))
        {
            var (problem, errors) = at.Solve(new() { Hessian = form, Solver = solver });
            var what = $"{at}: {problem}, errors {string.Join(", ", errors)}";
            var rounding = at.Condition * Math.Pow(2, -52);
            if (problem.Status == ArgminStatus.Converged)
            {
                errors.Max().ShouldBeLessThan(Math.Clamp(100 * rounding, 1e-10, Exhausted), what);
                // More frames than features give a Hessian that is far better conditioned than λmax/ρ.
                (rounding <= Exhausted || frames == "long").ShouldBeTrue(what);
            }
            else if (problem.Status == ArgminStatus.WeaklyDetermined)
            {
                // Told only where it is so. The status goes by the worst that rounding can do, to which the error comes close; the condition explains it.
                errors.Max().ShouldBeInRange(1e-7, Math.Clamp(100 * rounding, 1e-10, Exhausted), what);
            }
            else
            {
                problem.Status.ShouldBe(ArgminStatus.PrecisionExhausted, what);
                // No false alarm. Newton with Woodbury's identity may lose all digits a little earlier, and says so.
                rounding.ShouldBeGreaterThan(form == HessianForm.Woodbury ? Exhausted / 4 : Exhausted, what);
                (frames == "long" && form is (HessianForm.Auto or HessianForm.Cholesky) && solver == SolverKind.Auto).ShouldBeFalse(what);
            }
        }
    }

    [Theory]
    [InlineData("normal")]
    [InlineData("smooth")]
    public void TheSpanIsExactUpToItsLimit(string frames)
    {
        using var scope = NewDisposeScope();
        foreach (var at in StiffCase.Of(frames).Where(at => at.Condition * Math.Pow(2, -52) <= Exhausted))
            at.Solve(new()).Errors.Max().ShouldBeLessThan(1e-12, at.ToString());
    }

    [Fact]
    public void CallThrowsAndOnlyTheExhaustedProblemsGradientIsNaN()
    {
        using var scope = NewDisposeScope();
        var v = (new Draw(1).Frames(3, 8).repeat_interleave(2, 0) * 1e3).expand(2, 6, 8).clone().requires_grad_();
        Tensor[] inputs = [v, arange(1, 7, dtype: float64), ones(6, dtype: float64), tensor(new[] { 1, 1e8 }), tensor(0.1)];
        var exception = Should.Throw<ArgminException>(() => new LearnedRankPool().Call(inputs));
        exception.Failures.Select(failure => failure.Index).ShouldBe([1]);
        exception.Message.ShouldContain(ArgminStatus.PrecisionExhausted.Sentence());

        var layer = new LearnedRankPool(new() { ThrowOnFailure = false });
        var result = layer.Solve(null, inputs);
        result.Problems.Select(problem => problem.Status).ShouldBe([ArgminStatus.Converged, ArgminStatus.PrecisionExhausted]);
        result.Solution.sum().backward();
        v.grad![0].isfinite().all().item<bool>().ShouldBeTrue();
        v.grad![1].isnan().all().item<bool>().ShouldBeTrue();
        Should.Throw<ArgminException>(layer.ThrowIfFailed).Message.ShouldContain("precision is exhausted");
    }

    [Fact]
    public void Float32CountsWithThePrecisionThatTheSolveRanIn()
    {
        using var scope = NewDisposeScope();
        var frames = new Draw(2).Frames(12, 20).to(float32);
        ArgminStatus Status(ArgminOptions options)
            => new RankPool(1e7, options: options).Solve(frames, arange(1, 13, dtype: float32), ones(12, dtype: float32)).Problems[0].Status;
        Status(new()).ShouldBe(ArgminStatus.Converged);
        Status(new() { Solver = SolverKind.Newton, Hessian = HessianForm.Woodbury }).ShouldBe(ArgminStatus.PrecisionExhausted);
    }

    [Theory]
    [InlineData(HessianForm.Cholesky, true)]
    [InlineData(HessianForm.Woodbury, true)]
    [InlineData(HessianForm.ShermanMorrison, true)]
    [InlineData(HessianForm.Cholesky, false)]
    [InlineData(HessianForm.Woodbury, false)]
    [InlineData(HessianForm.ShermanMorrison, false)]
    public void AQuadraticThatIsTooStiffIsTold(HessianForm form, bool constantHessian)
    {
        using var scope = NewDisposeScope();
        // I + uuᵀ with ‖u‖² = 13e14.
        var result = LowRankProblem.Solver(form, constantHessian).Solve(
            null, tensor(new double[] { 1, 2 }), ones(2, dtype: float64), tensor(new[,] { { 3e7, 2e7 } }), ones(1, dtype: float64));
        result.Problems[0].Status.ShouldBe(ArgminStatus.PrecisionExhausted);
    }

    [Theory]
    [InlineData(HessianForm.Cholesky)]
    [InlineData(HessianForm.Woodbury)]
    [InlineData(HessianForm.ShermanMorrison)]
    public void AStiffProblemMayHaveTheSolutionZero(HessianForm form)
    {
        using var scope = NewDisposeScope();
        var solution = LowRankProblem.Solver(form, constantHessian: false).Call(
            zeros(2, dtype: float64), ones(2, dtype: float64), tensor(new[,] { { 3e6, 2e6 } }), ones(1, dtype: float64));
        Compare.Close(solution, [0, 0], 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void UnknownsOfDifferentUnitsAreNoCondition(bool constantHessian)
    {
        using var scope = NewDisposeScope();
        var solution = LowRankProblem.Solver(HessianForm.Cholesky, constantHessian).Call(
            tensor(new[] { 1e18, 2.0 }), tensor(new[] { 1e18, 1.0 }), zeros([1, 2], dtype: float64), ones(1, dtype: float64));
        Compare.Close(solution, [1, 2], 1e-15);
    }
}
