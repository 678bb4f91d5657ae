using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>The report names the solver, the form and the precision that ran.</summary>
public class ReportTests
{
    [Theory]
    [InlineData(4, 9, SolverKind.SpanNewton, HessianForm.Woodbury)]
    [InlineData(9, 4, SolverKind.Newton, HessianForm.Cholesky)]
    public void TheSmallerSideRuns(int t, int d, SolverKind solver, HessianForm form)
    {
        using var scope = NewDisposeScope();
        var v = new Draw(1).Normal(2, t, d).requires_grad_();
        foreach (var report in new RankPool().Solve(v, arange(1, t + 1, dtype: float64), ones(t, dtype: float64)).Problems)
        {
            report.Solver.ShouldBe(solver);
            report.Hessian.ShouldBe(form);
            report.Precision.ShouldBe(ScalarType.Float64);
            report.Condition.ShouldBeNull();
        }
    }

    [Theory]
    [InlineData(1, ScalarType.Float32)]
    [InlineData(1e6, ScalarType.Float64)]
    public void FloatGoesToDoubleWhereItMustAndSaysSo(double c, ScalarType precision)
    {
        using var scope = NewDisposeScope();
        var frames = new Draw(2).Frames(12, 20).to(float32);
        var result = new RankPool(c).Solve(frames, arange(1, 13, dtype: float32), ones(12, dtype: float32));
        result.Problems[0].Precision.ShouldBe(precision);
        result.Solution.dtype.ShouldBe(ScalarType.Float32);
    }

    [Fact]
    public void TheApproximationIsLabelled()
    {
        using var scope = NewDisposeScope();
        var v = new Draw(3).Normal(4, 3).requires_grad_();
        new RankPool(options: new() { Hessian = HessianForm.Diagonal }).Solve(v, arange(1, 5, dtype: float64), ones(4, dtype: float64)).Problems[0].Hessian.ShouldBe(HessianForm.Diagonal);
    }

    /// <summary>Where both sides fail, the report tells what the other one said.</summary>
    [Fact]
    public void TheOtherSideIsNamed()
    {
        using var scope = NewDisposeScope();
        var v = new Draw(1).Frames(3, 8).repeat_interleave(2, 0) * 1e3;
        var report = new RankPool(1e8).Solve(v, arange(1, 7, dtype: float64), ones(6, dtype: float64)).Problems[0];
        report.Status.ShouldBe(ArgminStatus.PrecisionExhausted);
        report.Solver.ShouldBe(SolverKind.SpanNewton);
        report.Detail!.ShouldContain("Newton was tried too");
    }

    /// <summary>[[1, r], [r, 1]] has the condition (1 + r)/(1 − r).</summary>
    [Theory]
    [InlineData(HessianForm.Cholesky)]
    [InlineData(HessianForm.Woodbury)]
    [InlineData(HessianForm.ShermanMorrison)]
    [InlineData(HessianForm.ConjugateGradient)]
    public void TheConditionIsEstimatedOnDemand(HessianForm form)
    {
        using var scope = NewDisposeScope();
        foreach (var r in new[] { 0.9, 0.999, 0.999999 })
        {
            // (1 − r) I + r (1, 1)(1, 1)ᵀ.
            Tensor[] inputs = [tensor(new double[] { 1, 2 }), full(2, 1 - r, dtype: float64), ones([1, 2], dtype: float64), full(1, r, dtype: float64)];
            var condition = LowRankProblem.Solver(new ArgminOptions { Hessian = form, EstimateCondition = true }).Solve(null, inputs).Problems[0].Condition!.Value;
            condition.ShouldBeInRange((1 + r) / (1 - r) / 6, (1 + r) / (1 - r) * 6);
        }
    }
}
