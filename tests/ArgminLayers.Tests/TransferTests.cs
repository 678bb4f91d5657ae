using ArgminLayers.Tests.Problems;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>
/// What a solver brings to the host, on which it decides: once an iteration, and once a trial of L-BFGS's line search. Counted on the host, where a transfer costs nothing; the device tests
/// count copies.
/// </summary>
public class TransferTests
{
    /// <summary>For the inputs, and for the point where a run ends: Newton's runs look at it once more, L-BFGS tests it by Newton's step.</summary>
    private const long Around = 3;

    [Theory]
    [InlineData(SolverKind.Newton)]
    [InlineData(SolverKind.DampedNewton)]
    public void AnIterationReadsOnce(SolverKind kind)
    {
        using var scope = NewDisposeScope();
        var most = 0;
        foreach (var spread in new[] { 0.3, 3 })
        {
            var draw = new Draw(7);
            var solver = LogisticProblem.Solver(new() { Solver = kind, Hessian = HessianForm.Cholesky });
            Tensor[] inputs = [draw.Normal(5, 20, 6) * spread, draw.Normal(5, 20), draw.Normal(5, 6) * 0.1, full(5, 0.01, dtype: float64)];
            var (transfers, result) = Counted(() => solver.Solve(null, inputs));
            result.Converged.ShouldBeTrue();
            var iterations = result.Problems.Max(static problem => problem.Iterations);
            transfers.ShouldBeLessThanOrEqualTo(iterations + Around, $"{iterations} iterations");
            most = Math.Max(most, iterations);
        }
        // With the allowance as large as the count, nothing would be shown.
        most.ShouldBeGreaterThan((int)Around);
    }

    [Fact]
    public void AnIterationInTheSpanReadsOnce()
    {
        using var scope = NewDisposeScope();
        var (v, t, weight) = (new Draw(5).Normal(4, 30, 200), arange(1, 31, dtype: float64), ones(30, dtype: float64));
        var (transfers, result) = Counted(() => new RankPool(0.01).Solve(v, t, weight));
        result.Problems.ShouldAllBe(problem => problem.Status == ArgminStatus.Converged && problem.Solver == SolverKind.SpanNewton);
        transfers.ShouldBeLessThanOrEqualTo(result.Problems.Max(static problem => problem.Iterations) + Around);
    }

    [Fact]
    public void ATrialOfLbfgsReadsOnce()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(8);
        var evaluations = 0;
        Tensor Note(string piece, Tensor value)
        {
            evaluations += piece == nameof(ArgminProblem.Objective) ? 1 : 0;
            return value;
        }
        var solver = new ArgminSolver(
            LogisticProblem.Facts, new() { Solver = SolverKind.Lbfgs, Hessian = HessianForm.Cholesky }, inputs => new TamperedProblem(new LogisticProblem(inputs), Note));
        Tensor[] inputs = [draw.Normal(5, 20, 6), draw.Normal(5, 20), draw.Normal(5, 6) * 0.1, full(5, 1.0, dtype: float64)];
        var (transfers, result) = Counted(() => solver.Solve(null, inputs));
        result.Converged.ShouldBeTrue();
        evaluations.ShouldBeGreaterThan(result.Problems.Max(static problem => problem.Iterations));
        transfers.ShouldBeLessThanOrEqualTo(evaluations + Around);
    }

    /// <summary>½‖y − x‖² has its minimum a step of length ‖x‖ away: a first step of L-BFGS is that of the gradient, and accepted.</summary>
    [Fact]
    public void AStepOfLbfgsThatIsAcceptedAtOnceReadsOnce()
    {
        using var scope = NewDisposeScope();
        var solver = QuadraticProblem.Solver(new() { Solver = SolverKind.Lbfgs, Hessian = HessianForm.Cholesky, MaxIterations = 1 }, constantHessian: false);
        var (transfers, result) = Counted(() => solver.Solve(null, tensor(new[] { 0.6, 0 }), eye(2, dtype: float64)));
        result.Problems[0].Iterations.ShouldBe(1);
        Compare.Close(result.Solution, [0.6, 0], 1e-15);
        transfers.ShouldBeLessThanOrEqualTo(1 + 1 + Around);
    }

    private static (long Transfers, ArgminResult Result) Counted(Func<ArgminResult> solve)
    {
        var before = Host.Transfers;
        var result = solve();
        return (Host.Transfers - before, result);
    }
}
