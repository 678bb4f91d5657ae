using ArgminLayers.Batching;
using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// Newton's method for objectives that need not be convex (Levenberg; Nocedal and Wright, chapter 4): <c>(H + μI) d = −∇f</c>, with μ ≥ 0 per problem so large that H + μI is positive
/// definite and that the quadratic model foretells f. μ falls to 0 near a minimum, where the steps are Newton's.
/// </summary>
/// <remarks>Any form solves the systems: H + μI has H's structure. Problems that are done leave the batch.</remarks>
/// <param name="form">How systems with H are solved, exactly.</param>
internal sealed class DampedNewton(IHessianForm form) : ISolver
{
    private const int DefaultIterations = 100;

    private static readonly Scalar Flatter = 0.9.ToScalar();
    private static readonly Scalar Enough = 1e-4.ToScalar();

    public SolverKind Kind => SolverKind.DampedNewton;

    public Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize, ArgminOptions options)
    {
        using var scope = NewDisposeScope();
        var y = start is null ? batch.Zeros(variableSize) : start.clone();
        var (whole, solution) = (batch, y.clone());
        var epsilon = Precision.Of(y.dtype);
        var progress = new NewtonProgress((int)batch.Size, epsilon, options.MaxIterations ?? DefaultIterations, isRegular: false);
        var damping = new Damping((int)batch.Size, progress, epsilon, options.MaxIterations ?? DefaultIterations);
        int[] active = [.. Enumerable.Range(0, (int)batch.Size)];
        var at = new SearchPoint(y, batch.Problem.Objective(y), batch.Problem.Gradient(y));
        var carried = new Carried();
        var isToBeTested = false;
        for (var iteration = 0; ; iteration++)
        {
            using var step = NewDisposeScope();
            var (direction, states, isFullyKnown) = Step(batch.Problem, at, [.. active.Select(damping.Of)]);
            var remaining = Enumerable.Range(0, active.Length).Where(j => !damping.Settle(active[j], iteration, states[j].State, states[j].Size)).ToArray();
            if (remaining.Length < active.Length)
            {
                isToBeTested |= !isFullyKnown;
                solution.index_copy_(0, Host.Indices(active, y.device), at.Y);
                if (remaining.Length == 0)
                    break;
                var indices = Host.Indices(remaining, y.device);
                batch = batch.Select(indices).MoveToOuter(step);
                (at, direction) = (at.Select(indices), direction.index_select(0, indices));
                states = [.. remaining.Select(j => states[j])];
                active = [.. remaining.Select(j => active[j])];
            }
            at = Try(batch.Problem, at, direction, active, states, damping);
            carried.Next(step, at.Tensors);
        }
        if (!isToBeTested)
            return new(solution.MoveToOuterDisposeScope(), progress.Reports!);
        var factor = form.FactorAtSolution(whole.Problem, solution).MoveToOuter(scope);
        return new(solution.MoveToOuterDisposeScope(), [.. progress.Reports.Select(report => SecondOrder.Tested(report!, factor, epsilon))], Factor: factor);
    }

    /// <summary>d, what is known of every problem with the size of its Hessian, and whether that is all that can be known of it.</summary>
    private (Tensor Direction, (NewtonState State, double Size)[] States, bool IsFullyKnown) Step(ArgminProblem problem, SearchPoint at, double[] shifts)
    {
        var shift = tensor(shifts, dtype: at.Y.dtype, device: at.Y.device).unsqueeze(-1);
        var shifted = Array.Exists(shifts, static mu => mu > 0) ? new ShiftedProblem(problem, shift) : problem;
        var factor = form.Factor(shifted, at.Y);
        var solved = factor.Form.Solve(new(shifted, at.Y, factor.Tensors), at.Gradient);
        if (solved.Iterative is { } iterative)
            factor = factor with { Definiteness = iterative.Definiteness, Conditions = iterative.Conditions };
        var direction = solved.X.neg();
        var size = problem.HessianDiagonal(at.Y).abs().amax([-1]);
        var rows = Host.Rows(at.Value, RowNorm.Of(at.Gradient), (at.Gradient * direction).sum(dim: -1), RowNorm.Of(direction), RowNorm.Of(at.Y), size);
        var isFullyKnown = solved.Iterative is null && !factor.Form.MayHideExhaustion(factor, Precision.Of(at.Y.dtype));
        return (direction, [.. factor.Definiteness.Select((definiteness, j) => (
            new NewtonState(rows[0][j], rows[1][j], -rows[2][j], rows[3][j], rows[4][j], definiteness, factor.Conditions[j]), rows[5][j]))], isFullyKnown);
    }

    /// <summary>Goes where the model foretold f well enough, and adapts every μ.</summary>
    private static SearchPoint Try(
        ArgminProblem problem, SearchPoint at, Tensor direction, int[] active, (NewtonState State, double Size)[] states, Damping damping)
    {
        var goes = Host.Mask(states.Select(static entry => entry.State.Definiteness == Definiteness.Positive), at.Y.device);
        var unseen = Host.Mask(active.Select((i, j) => damping.IsUnseen(i, states[j].State)), at.Y.device);
        var ahead = at.Y.add(direction.where(goes.unsqueeze(-1), zeros_like(direction)), Scalars.One);
        var next = new SearchPoint(ahead, problem.Objective(ahead), problem.Gradient(ahead));
        var slope = (at.Gradient * direction).sum(dim: -1);
        var shift = tensor(active.Select(damping.Of).ToArray(), dtype: at.Y.dtype, device: at.Y.device);
        // −gᵀd − ½dᵀHd, with dᵀ(H + μI)d = −gᵀd.
        var foretold = (shift * (direction * direction).sum(dim: -1)).sub(slope) * Scalars.Half;
        var fall = at.Value.sub(next.Value);
        var ratio = fall / foretold;
        // Where rounding hides the fall of f, its slope tells.
        var level = fall.abs().le(at.Value.abs() * Precision.ScalarOf(at.Y.dtype) * Scalars.Four)
            .logical_and((next.Gradient * direction).sum(dim: -1).abs().le(slope.abs() * Flatter));
        var isFinite = next.Gradient.isfinite().all(-1).logical_and(next.Value.isfinite().logical_or(next.Value.lt(Scalars.Zero)));
        var accepted = goes.logical_and(isFinite).logical_and(ratio.gt(Enough).logical_or(level).logical_or(unseen));
        var rows = Host.Rows(accepted, ratio, level.logical_or(unseen));
        for (var j = 0; j < active.Length; j++)
            damping.Tried(active[j], states[j].State, rows[0][j] != 0, rows[2][j] != 0 ? 1 : rows[1][j]);
        return next.Where(accepted, at);
    }
}
