using ArgminLayers.Batching;
using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// Newton's method in the space of y, <c>H d = −∇f</c>, with a line search per problem; semismooth where f is only piecewise twice differentiable.
/// </summary>
/// <remarks>
/// A problem is done when its gradient is zero, when its step is below the spacing of y, or when full steps that are small no longer shrink the decrement
/// <c>−∇fᵀd</c> although it is already below the rounding of f, or when steps that are no longer than what the rounding of ∇f makes of one lead nowhere. Where f is piecewise
/// quadratic it is done when a full step lands on the piece that it started from: that step was exact.
/// It then leaves the batch and costs nothing more.
/// </remarks>
/// <param name="info">What is known about the objective.</param>
/// <param name="form">How systems with H are solved, exactly.</param>
internal sealed class Newton(ObjectiveInfo info, IHessianForm form) : ISolver
{
    private const int DefaultIterations = 100;

    public SolverKind Kind => SolverKind.Newton;

    public Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize, ArgminOptions options)
    {
        using var scope = NewDisposeScope();
        var y = start is null ? batch.Zeros(variableSize) : start.clone();
        var (whole, solution) = (batch, y.clone());
        var isIterative = false;
        var epsilon = Precision.Of(y.dtype);
        var progress = new NewtonProgress((int)batch.Size, epsilon, options.MaxIterations ?? DefaultIterations, info.Curvature == Curvature.StronglyConvex);
        using Scalar slack = (epsilon * 4).ToScalar();
        int[] active = [.. Enumerable.Range(0, (int)batch.Size)];
        Tensor? pieces = null;
        var carried = new Carried();
        for (var iteration = 0; ; iteration++)
        {
            using var step = NewDisposeScope();
            var at = Evaluate(batch, y);
            isIterative = at.Iterative is not null;
            var before = pieces;
            pieces = isIterative || !batch.Problem.IsPiecewiseQuadratic ? null : batch.Problem.Pieces(y);
            var isOnPiece = before is null ? null : pieces?.eq(before).all(-1);
            var (factor, states, takesFullStep) = Read(batch.Problem, at, isOnPiece, slack);
            if (Mended(batch, at, factor) is { } mended)
            {
                at = mended;
                (_, states, takesFullStep) = Read(batch.Problem, at, isOnPiece, slack, factor);
            }
            // Whether a step that leads nowhere is what rounding makes of one shows in the condition itself, where that can matter.
            var mayHide = !isIterative && factor.Form.MayHideExhaustion(factor, epsilon);
            var isSharp = mayHide && active.Where((i, j) => progress.IsStuck(i, states[j])).Any();
            if (isSharp)
            {
                factor = factor.Form.Sharpened(factor);
                states = [.. states.Select((state, j) => state with { Condition = factor.Conditions[j] })];
            }
            var remaining = Enumerable.Range(0, active.Length).Where(j => !progress.Settle(active[j], iteration, states[j])).ToArray();
            if (remaining.Length < active.Length)
            {
                if (mayHide)
                    Test(progress.Reports, active, isSharp ? factor : factor.Form.Sharpened(factor), epsilon);
                solution.index_copy_(0, Host.Indices(active, y.device), y);
                if (remaining.Length == 0)
                    break;
                var indices = Host.Indices(remaining, y.device);
                batch = batch.Select(indices).MoveToOuter(step);
                at = at.Select(indices);
                pieces = pieces?.index_select(0, indices);
                states = [.. remaining.Select(j => states[j])];
                active = [.. remaining.Select(j => active[j])];
            }

            bool[] isUnseen = [.. active.Select((i, j) => !progress.IsResolvable(i, states[j]))];
            if (remaining.Select((whole, j) => takesFullStep[whole] || isUnseen[j]).All(static takes => takes))
            {
                foreach (var i in active)
                    progress.Searched(i, true, 1);
                y = at.Y.add(at.Direction, Scalars.One);
            }
            else
            {
                var (alpha, accepted) = Search(batch.Problem, at, at.Value.abs() * slack, Host.Mask(isUnseen, y.device));
                var rows = Host.Rows(accepted, alpha);
                for (var j = 0; j < active.Length; j++)
                    progress.Searched(active[j], rows[0][j] != 0, rows[1][j]);
                y = at.Y.add(alpha.where(accepted, zeros_like(alpha)).unsqueeze(-1) * at.Direction, Scalars.One);
            }
            carried.Next(step, pieces is null ? [y] : [y, pieces]);
        }
        if (!isIterative)
            return new(solution.MoveToOuterDisposeScope(), progress.Reports!);
        // Conjugate gradients saw of H only what the gradient let them see.
        var atSolution = form.FactorAtSolution(whole.Problem, solution).MoveToOuter(scope);
        return new(solution.MoveToOuterDisposeScope(), [.. progress.Reports.Select(report => SecondOrder.Tested(report!, atSolution, epsilon))], Factor: atSolution);
    }

    /// <summary>The second-order test of the problems that just ended, with all that their factors can tell.</summary>
    private static void Test(ProblemReport?[] reports, int[] active, HessianFactor factor, double epsilon)
    {
        for (var j = 0; j < active.Length; j++)
        {
            if (reports[active[j]] is { } report)
                reports[active[j]] = SecondOrder.Tested(report, factor, j, epsilon);
        }
    }

    /// <summary>An iterate with Newton's step, of which nothing has been read.</summary>
    private Point Evaluate(ProblemBatch batch, Tensor y)
    {
        var problem = batch.Problem;
        var gradient = problem.Gradient(y);
        var factor = form.Prepare(problem, y);
        var system = new HessianSystem(problem, y, factor.Tensors);
        var solution = factor.Form.Solve(system, gradient);
        var direction = solution.X.neg();
        // Whatever its condition, float32 loses digits that matter.
        if (solution.Iterative is null && IsStiffThroughout(y))
            direction = Refined(system, gradient, factor.Form, direction);
        return new(y, problem.Objective(y), gradient, direction, (gradient * direction).sum(dim: -1), factor, solution.Iterative);
    }

    private static bool IsStiffThroughout(Tensor y) => Precision.Of(y.dtype) > HessianFactor.StiffError;

    /// <summary>The iterate with another step where Newton's leads nowhere or has lost digits; null where it is well as it is.</summary>
    private static Point? Mended(ProblemBatch batch, Point at, HessianFactor factor)
    {
        if (at.Iterative is not null)
            return null;
        var stiff = IsStiffThroughout(at.Y) ? [] : Stiff(factor, Precision.Of(at.Y.dtype));
        var isStiff = Array.Exists(stiff, static isStiff => isStiff);
        if (!isStiff && !factor.Definiteness.Any(static definiteness => definiteness is Definiteness.Singular or Definiteness.Indefinite))
            return null;
        var direction = DescentDirection.At(batch, at.Y, at.Gradient, factor, at.Direction);
        if (isStiff)
        {
            var system = new HessianSystem(batch.Problem, at.Y, factor.Tensors);
            direction = Refined(system, at.Gradient, factor.Form, direction).where(Host.Mask(stiff, at.Y.device).unsqueeze(-1), direction);
        }
        return at with { Direction = direction, Slope = (at.Gradient * direction).sum(dim: -1) };
    }

    private static bool[] Stiff(HessianFactor factor, double epsilon)
        => [.. factor.Definiteness.Select((definiteness, j) => definiteness == Definiteness.Positive && factor.Conditions[j] * epsilon > HessianFactor.StiffError)];

    /// <summary>One iterative refinement, <c>d − H⁻¹(Hd + ∇f)</c>, which gives back the digits that a form has lost by working on H's base.</summary>
    private static Tensor Refined(HessianSystem system, Tensor gradient, IHessianForm form, Tensor direction)
    {
        var residual = system.Problem.HessianVectorProduct(system.Y, direction).add(gradient, Scalars.One);
        return direction.sub(form.Solve(system, residual).X);
    }

    /// <summary>All that is decided on, in the one transfer of an iteration: what the factor is worth, the state of every problem, and whether it takes the full step.</summary>
    private (HessianFactor Factor, NewtonState[] States, bool[] TakesFullStep) Read(ArgminProblem problem, Point at, Tensor? isOnPiece, Scalar slack, HessianFactor? known = null)
    {
        IReadOnlyList<Tensor> questions = known is null ? at.Factor.Questions : [];
        var rows = Host.Rows(
            [at.Value, RowNorm.Of(at.Gradient), at.Slope, RowNorm.Of(at.Direction), RowNorm.Of(at.Y), isOnPiece ?? zeros_like(at.Value), TakesFullStep(problem, at, at.Value.abs() * slack), .. questions]);
        var factor = known ?? at.Factor.Answer(rows[7..]);
        if (at.Iterative is { } iterative)
            factor = factor with { Definiteness = iterative.Definiteness, Conditions = iterative.Conditions };
        NewtonState State(int j) => new(rows[0][j], rows[1][j], -rows[2][j], rows[3][j], rows[4][j], factor.Definiteness[j], factor.Conditions[j], rows[5][j] != 0);
        return (factor, [.. rows[0].Select((_, j) => State(j))], [.. rows[6].Select(static flag => flag != 0)]);
    }

    /// <summary>Whether the line search takes the full step, (B).</summary>
    private Tensor TakesFullStep(ArgminProblem problem, Point at, Tensor slack)
    {
        var one = ones_like(at.Slope);
        var end = SlopeAt(problem, at, one);
        return info.Curvature == Curvature.Unknown
            ? LineSearch.Accepts(problem.Objective(at.Ahead(one)).sub(at.Value), end, at.Slope, at.Slope, slack)
            : LineSearch.TakesFullStep(SlopeAt(problem, at, one * Scalars.Half), end, at.Slope, slack);
    }

    private (Tensor Alpha, Tensor Accepted) Search(ArgminProblem problem, Point at, Tensor slack, Tensor unseen)
        => info.Curvature == Curvature.Unknown
            ? LineSearch.General(alpha => problem.Objective(at.Ahead(alpha)), alpha => SlopeAt(problem, at, alpha), at.Value, at.Slope, slack, unseen)
            : LineSearch.Convex(alpha => SlopeAt(problem, at, alpha), at.Slope, slack, unseen);

    /// <summary>∇f(y + αd)ᵀd, (B); NaN beyond f's domain, where 0 · f is NaN.</summary>
    private static Tensor SlopeAt(ArgminProblem problem, Point at, Tensor alpha)
    {
        var ahead = at.Ahead(alpha);
        var slope = (problem.Gradient(ahead) * at.Direction).sum(dim: -1);
        return problem.HasLimitedDomain ? slope.add(problem.Objective(ahead) * Scalars.Zero, Scalars.One) : slope;
    }

    /// <summary>An iterate: y, f, ∇f, d, ∇fᵀd, the factor of H, and how an iterative solution went.</summary>
    private sealed record Point(Tensor Y, Tensor Value, Tensor Gradient, Tensor Direction, Tensor Slope, PendingFactor Factor, IterativeSolution? Iterative)
    {
        /// <summary>y + αd, (B, n), for α (B).</summary>
        public Tensor Ahead(Tensor alpha) => Y.add(alpha.unsqueeze(-1) * Direction, Scalars.One);

        public Point Select(Tensor indices) => this with
        {
            Y = Y.index_select(0, indices), Value = Value.index_select(0, indices), Gradient = Gradient.index_select(0, indices),
            Direction = Direction.index_select(0, indices), Slope = Slope.index_select(0, indices),
        };
    }
}
