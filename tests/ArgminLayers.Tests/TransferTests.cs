using ArgminLayers.Hessians;
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

    /// <summary>For the signs of a low-rank form's terms, which are looked at once a run.</summary>
    private const long ForThePlan = 1;

    /// <summary>Where a factor's condition may have exhausted the precision, which float32 has soon, the whole batch is factorised once more at its solution, which a backward pass needs anyway.</summary>
    private const long AtTheSolution = 3;

    public static TheoryData<SolverKind, HessianForm, ScalarType> Runs
    {
        get
        {
            var runs = new TheoryData<SolverKind, HessianForm, ScalarType>();
            foreach (var solver in new[] { SolverKind.Newton, SolverKind.DampedNewton })
            {
                foreach (var form in new[] { HessianForm.Auto, HessianForm.Cholesky, HessianForm.Woodbury, HessianForm.ShermanMorrison })
                {
                    runs.Add(solver, form, ScalarType.Float64);
                    runs.Add(solver, form, ScalarType.Float32);
                }
            }
            return runs;
        }
    }

    /// <summary>Once an iteration, and once a trial of Newton's line search: what is beyond three gradients an iteration, at the point, at half the step and at its end.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void AnIterationReadsOnce(SolverKind kind, HessianForm form, ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var most = 0;
        // Fewer samples than elements, and more: Auto takes Woodbury's form for the first.
        foreach (var (samples, spread) in new[] { (4, 0.3), (4, 3), (20, 0.3), (20, 3) })
        {
            var (draw, gradients) = (new Draw(7), 0);
            Tensor Note(string piece, Tensor value)
            {
                gradients += piece == nameof(ArgminProblem.Gradient) ? 1 : 0;
                return value;
            }
            var solver = new ArgminSolver(LogisticProblem.Facts, new() { Solver = kind, Hessian = form }, inputs => new TamperedProblem(new LogisticProblem(inputs), Note));
            Tensor[] inputs = [draw.Normal(5, samples, 6) * spread, draw.Normal(5, samples), draw.Normal(5, 6) * 0.1, full(5, 0.01, dtype: float64)];
            var (transfers, result) = Counted(() => solver.Solve(null, [.. inputs.Select(input => input.to(dtype))]));
            result.Converged.ShouldBeTrue();
            var iterations = result.Problems.Max(static problem => problem.Iterations);
            var trials = kind == SolverKind.Newton ? gradients - (3 * (iterations + 1)) : 0;
            trials.ShouldBeInRange(0, 20);
            var beyond = Around + (form == HessianForm.Cholesky ? 0 : ForThePlan) + (dtype == ScalarType.Float32 ? AtTheSolution : 0);
            transfers.ShouldBeLessThanOrEqualTo(iterations + trials + beyond, $"{iterations} iterations, {trials} trials");
            most = Math.Max(most, iterations);
        }
        // With the allowance as large as the count, nothing would be shown.
        most.ShouldBeGreaterThan((int)Around);
    }

    /// <summary>What a Hessian is that is not positive definite matters only where a problem comes to rest.</summary>
    [Fact]
    public void AnIterationAcrossASaddleReadsOnce()
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(1);
        var (a, b, start) = (draw.Normal(30), draw.Uniform(1, 100, 30), draw.Normal(30, 2) * 3);
        // Above the parabola ∂²f/∂y₀² is negative for a steep valley.
        (b * (start.select(1, 0).pow(2) * 6 - start.select(1, 1) * 2) + 1).min().item<double>().ShouldBeLessThan(-100);
        var solver = RosenbrockProblem.Solver(new() { Solver = SolverKind.DampedNewton, Hessian = HessianForm.Cholesky, MaxIterations = 300 });
        var (transfers, result) = Counted(() => solver.Solve(start, a, b));
        result.Converged.ShouldBeTrue();
        transfers.ShouldBeLessThanOrEqualTo(result.Problems.Max(static problem => problem.Iterations) + Around);
    }

    /// <summary>Kronecker's form in Newton's iteration: the objective is quadratic, so a run is too short to tell; what an iteration asks for is counted by itself.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void KroneckersFormAsksNothingBeforeItIsAsked(bool isSum)
    {
        using var scope = NewDisposeScope();
        var draw = new Draw(3);
        Tensor Definite(int n)
        {
            var root = draw.Normal(n, n);
            return root.matmul(root.transpose(0, 1)) + eye(n, dtype: float64);
        }
        Tensor[] inputs = [draw.Normal(1, 4, 3), Definite(4).unsqueeze(0), Definite(3).unsqueeze(0), .. isSum ? [] : new[] { ones(1, dtype: float64) }];
        var problem = KroneckerProblem.Bound(inputs, isSum);
        var before = Host.Transfers;
        IHessianForm form = new KroneckerHessian();
        var y = draw.Normal(1, 12);
        var pending = form.Plan(problem, y).Prepare(problem, y);
        form.Solve(new(problem, y, pending.Tensors), y);
        Host.Transfers.ShouldBe(before);
        pending.Read().Definiteness.ShouldBe([Definiteness.Positive]);
        Host.Transfers.ShouldBe(before + 1);
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
