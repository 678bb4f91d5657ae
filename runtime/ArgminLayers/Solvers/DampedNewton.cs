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
        var at = SearchPoint.At(batch.Problem, y);
        var carried = new Carried();
        var isToBeTested = false;
        FactorPlan? plan = null;
        for (var iteration = 0; ; iteration++)
        {
            using var step = NewDisposeScope();
            plan ??= form.Plan(batch.Problem, at.Y);
            if (Look(batch.Problem, at, plan, damping, active) is not { } looked)
            {
                plan = form.Plan(batch.Problem, at.Y);
                looked = Look(batch.Problem, at, plan, damping, active)!.Value;
            }
            var (next, outlook, isFullyKnown) = looked;
            var remaining = Enumerable.Range(0, active.Length).Where(j => !damping.Settle(active[j], iteration, outlook[j])).ToArray();
            if (remaining.Length < active.Length)
            {
                isToBeTested |= !isFullyKnown;
                solution.index_copy_(0, Host.Indices(active, y.device), at.Y);
                if (remaining.Length == 0)
                    break;
                var indices = Host.Indices(remaining, y.device);
                batch = batch.Select(indices).MoveToOuter(step);
                (at, next) = (at.Select(indices), next.Select(indices));
                outlook = [.. remaining.Select(j => outlook[j])];
                active = [.. remaining.Select(j => active[j])];
            }
            bool[] goes = [.. active.Select((i, j) => damping.Goes(i, outlook[j]))];
            at = next.Where(Host.Mask(goes, y.device), at);
            carried.Next(step, at.Tensors);
        }
        if (!isToBeTested)
            return new(solution.MoveToOuterDisposeScope(), progress.Reports!);
        var factor = form.FactorAtSolution(whole.Problem, solution, options.EstimateCondition).MoveToOuter(scope);
        return new(solution.MoveToOuterDisposeScope(), [.. progress.Reports.Select(report => SecondOrder.Tested(report!, factor, epsilon))], Factor: factor);
    }

    /// <summary>
    /// The points y + d, what is known of every problem and of the step, and whether that is all that can be known. All is computed before anything of it is read, in the one transfer of an
    /// iteration: also what a problem turns out not to need that is done, or whose H + μI is not positive definite. Null where the plan of the factor does not hold at the point.
    /// </summary>
    private static (SearchPoint Next, Outlook[] Outlook, bool IsFullyKnown)? Look(ArgminProblem problem, SearchPoint at, FactorPlan plan, Damping damping, int[] active)
    {
        double[] shifts = [.. active.Select(damping.Of)];
        var shift = tensor(shifts, dtype: at.Y.dtype, device: at.Y.device);
        var shifted = Array.Exists(shifts, static mu => mu > 0) ? new ShiftedProblem(problem, shift.unsqueeze(-1)) : problem;
        var pending = plan.Prepare(shifted, at.Y);
        var solved = pending.Form.Solve(new(shifted, at.Y, pending.Tensors), at.Gradient);
        var direction = solved.X.neg();
        // What the factor of an indefinite H leads to need not be finite.
        var next = SearchPoint.At(problem, at.Y.add(direction.where(direction.isfinite().all(-1, true), zeros_like(direction)), Scalars.One));
        var slope = (at.Gradient * direction).sum(dim: -1);
        // −gᵀd − ½dᵀHd, with dᵀ(H + μI)d = −gᵀd.
        var foretold = (shift * (direction * direction).sum(dim: -1)).sub(slope) * Scalars.Half;
        var fall = at.Value.sub(next.Value);
        // Where rounding hides the fall of f, its slope tells.
        var isLevel = fall.abs().le(at.Value.abs() * Precision.FourOf(at.Y.dtype)).logical_and((next.Gradient * direction).sum(dim: -1).abs().le(slope.abs() * Flatter));
        var isFinite = next.Gradient.isfinite().all(-1).logical_and(next.Value.isfinite().logical_or(next.Value.lt(Scalars.Zero)));
        var size = problem.HessianDiagonal(at.Y).abs().amax([-1]);
        var change = Array.Exists(active, damping.IsDoubtful) ? GradientFloor.Change(problem, at.Y, at.Gradient) : zeros_like(slope);
        var rows = Host.Rows(
            [at.Value, RowNorm.Of(at.Gradient), slope, RowNorm.Of(direction), RowNorm.Of(at.Y), size, change, fall / foretold, isLevel, isFinite, .. pending.Questions]);
        if (pending.Answer(rows[10..]) is not { } factor)
            return null;
        if (solved.Iterative is { } iterative)
            factor = factor with { Definiteness = iterative.Definiteness, Conditions = iterative.Conditions };
        if (active.Where((i, j) => factor.Definiteness[j] == Definiteness.NotPositive && damping.Asks(i, rows[1][j])).Any())
            factor = factor.Sharpened();
        Outlook At(int j) => new(
            new(rows[0][j], rows[1][j], -rows[2][j], rows[3][j], rows[4][j], factor.Definiteness[j], factor.Conditions[j], rows[6][j]), rows[5][j], rows[7][j], rows[8][j] != 0, rows[9][j] != 0);
        return (next, [.. rows[0].Select((_, j) => At(j))], !factor.IsOpen);
    }
}

/// <summary>One problem at one point of a run of <see cref="DampedNewton"/>, with what the next step would lead to.</summary>
/// <param name="State">The problem at its point, with the step and definiteness of H + μI.</param>
/// <param name="Size">H's largest diagonal element.</param>
/// <param name="Ratio">How far f falls with the step, relative to what the model foretells.</param>
/// <param name="IsLevel">Whether rounding hides the fall of f, and f's slope is flatter where the step ends.</param>
/// <param name="IsFinite">Whether f and ∇f are finite there; f may fall to −∞.</param>
internal readonly record struct Outlook(NewtonState State, double Size, double Ratio, bool IsLevel, bool IsFinite);
