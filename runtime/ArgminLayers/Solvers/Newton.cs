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
/// <c>−∇fᵀd</c> although it is already below the rounding of f, or when steps lead nowhere and ∇f is as short as its rounding lets it be (<see cref="GradientFloor"/>). Where f is piecewise
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
        var (all, solution) = (batch, y.clone());
        var isToBeTested = false;
        var epsilon = Precision.Of(y.dtype);
        var progress = new NewtonProgress((int)batch.Size, epsilon, options.MaxIterations ?? DefaultIterations, info.Curvature == Curvature.StronglyConvex);
        int[] active = [.. Enumerable.Range(0, (int)batch.Size)];
        Tensor? pieces = null;
        FactorPlan? plan = null;
        var carried = new Carried();
        for (var iteration = 0; ; iteration++)
        {
            using var step = NewDisposeScope();
            var before = pieces;
            pieces = batch.Problem.IsPiecewiseQuadratic ? batch.Problem.Pieces(y) : null;
            plan ??= form.Plan(batch.Problem, y);
            var isDoubtful = Array.Exists(active, progress.IsDoubtful);
            var at = Evaluate(batch.Problem, y, plan, pieces, before, isDoubtful);
            if (Read(at) is not { } read)
            {
                plan = form.Plan(batch.Problem, y);
                at = Evaluate(batch.Problem, y, plan, pieces, before, isDoubtful);
                read = Read(at)!;
            }
            if (at.Iterative is null && read.Factor.Definiteness.Contains(Definiteness.NotPositive))
                read = read.With(read.Factor.Sharpened());
            if (Mended(batch, at, read.Factor) is { } mended)
            {
                at = mended;
                read = Read(at, read.Factor)!;
            }
            var (states, isTaken) = (read.States, read.IsTaken);
            var remaining = Enumerable.Range(0, active.Length).Where(j => !progress.Settle(active[j], iteration, states[j])).ToArray();
            if (remaining.Length < active.Length)
            {
                isToBeTested |= read.Factor.IsOpen;
                solution.index_copy_(0, Host.Indices(active, y.device), y);
                if (remaining.Length == 0)
                    break;
                var indices = Host.Indices(remaining, y.device);
                batch = batch.Select(indices).MoveToOuter(step);
                at = at with { Step = at.Step.Select(batch.Problem, indices) };
                pieces = pieces?.index_select(0, indices);
                (states, isTaken) = ([.. remaining.Select(j => states[j])], [.. remaining.Select(j => isTaken[j])]);
                active = [.. remaining.Select(j => active[j])];
            }

            bool[] whole = [.. active.Select((i, j) => isTaken[j] || !progress.IsResolvable(i, states[j]))];
            var lengths = Array.TrueForAll(whole, static takes => takes) ? null : at.Step.Search(Host.Mask(whole, y.device));
            for (var j = 0; j < active.Length; j++)
                progress.Searched(active[j], lengths?.AreAccepted[j] ?? true, lengths?.Lengths[j] ?? 1);
            y = lengths is null ? at.Step.Start.Y.add(at.Step.Direction, Scalars.One) : at.Step.Ahead(tensor(lengths.Taken, dtype: y.dtype, device: y.device));
            carried.Next(step, pieces is null ? [y] : [y, pieces]);
        }
        if (!isToBeTested)
            return new(solution.MoveToOuterDisposeScope(), progress.Reports!);
        var atSolution = form.FactorAtSolution(all.Problem, solution, options.EstimateCondition).MoveToOuter(scope);
        return new(solution.MoveToOuterDisposeScope(), [.. progress.Reports.Select(report => SecondOrder.Tested(report!, atSolution, epsilon))], Factor: atSolution);
    }

    /// <summary>An iterate with Newton's step, of which nothing has been read.</summary>
    private static Iterate Evaluate(ArgminProblem problem, Tensor y, FactorPlan plan, Tensor? pieces, Tensor? before, bool isDoubtful)
    {
        var start = SearchPoint.At(problem, y);
        var factor = plan.Prepare(problem, y);
        var system = new HessianSystem(problem, y, factor.Tensors);
        var solution = factor.Form.Solve(system, start.Gradient);
        var direction = solution.X.neg();
        // Whatever its condition, float32 loses digits that matter.
        if (solution.Iterative is null && IsStiffThroughout(y))
            direction = Refined(system, start.Gradient, factor.Form, direction);
        var step = NewtonStep.From(problem, start, direction);
        var isOnPiece = pieces is null || before is null || solution.Iterative is not null ? zeros_like(start.Value) : pieces.eq(before).all(-1);
        var change = isDoubtful ? GradientFloor.Change(problem, y, start.Gradient) : zeros_like(start.Value);
        return new(step, factor, solution.Iterative, change, isOnPiece);
    }

    private static bool IsStiffThroughout(Tensor y) => Precision.Of(y.dtype) > HessianFactor.StiffError;

    /// <summary>The iterate with another step where Newton's leads nowhere or has lost digits; null where it is well as it is.</summary>
    private static Iterate? Mended(ProblemBatch batch, Iterate at, HessianFactor factor)
    {
        if (at.Iterative is not null)
            return null;
        var ((y, _, gradient), direction) = (at.Step.Start, at.Step.Direction);
        var stiff = IsStiffThroughout(y) ? [] : Stiff(factor, Precision.Of(y.dtype));
        var isStiff = Array.Exists(stiff, static isStiff => isStiff);
        if (!isStiff && !factor.Definiteness.Any(static definiteness => definiteness is Definiteness.Singular or Definiteness.Indefinite))
            return null;
        direction = DescentDirection.At(batch, y, gradient, factor, direction);
        if (isStiff)
            direction = Refined(new(batch.Problem, y, factor.Tensors), gradient, factor.Form, direction).where(Host.Mask(stiff, y.device).unsqueeze(-1), direction);
        return at with { Step = at.Step.Along(direction) };
    }

    private static bool[] Stiff(HessianFactor factor, double epsilon)
        => [.. factor.Definiteness.Select((definiteness, j) => definiteness == Definiteness.Positive && factor.Conditions[j] * epsilon > HessianFactor.StiffError)];

    /// <summary>One iterative refinement, <c>d − H⁻¹(Hd + ∇f)</c>, which gives back the digits that a form has lost by working on H's base.</summary>
    private static Tensor Refined(HessianSystem system, Tensor gradient, IHessianForm form, Tensor direction)
    {
        var residual = system.Problem.HessianVectorProduct(system.Y, direction).add(gradient, Scalars.One);
        return direction.sub(form.Solve(system, residual).X);
    }

    /// <summary>All that is decided on, in the one transfer of an iteration; null where the plan of the factor does not hold at the point.</summary>
    private static Reading? Read(Iterate at, HessianFactor? known = null)
    {
        var (step, (y, value, gradient)) = (at.Step, at.Step.Start);
        IReadOnlyList<Tensor> questions = known is null ? at.Factor.Questions : [];
        var rows = Host.Rows([value, RowNorm.Of(gradient), step.Slope, RowNorm.Of(step.Direction), RowNorm.Of(y), at.Change, at.IsOnPiece, step.IsTaken, .. questions]);
        if ((known ?? at.Factor.Answer(rows[8..])) is not { } factor)
            return null;
        if (at.Iterative is { } iterative)
            factor = factor with { Definiteness = iterative.Definiteness, Conditions = iterative.Conditions };
        NewtonState State(int j) => new(rows[0][j], rows[1][j], -rows[2][j], rows[3][j], rows[4][j], factor.Definiteness[j], factor.Conditions[j], rows[5][j], rows[6][j] != 0);
        return new(factor, [.. rows[0].Select((_, j) => State(j))], [.. rows[7].Select(static flag => flag != 0)]);
    }

    /// <summary>
    /// A step with the factor that it came from, how an iterative solution went, what ∇f changes by through rounding, and whether y is on the piece where the step to it began, each (B).
    /// </summary>
    private sealed record Iterate(NewtonStep Step, PendingFactor Factor, IterativeSolution? Iterative, Tensor Change, Tensor IsOnPiece);

    /// <summary>What an iteration knows on the host: what the factor is worth, the state of every problem, and whether it takes the full step.</summary>
    private sealed record Reading(HessianFactor Factor, NewtonState[] States, bool[] IsTaken)
    {
        /// <summary>The same with a factor of which more is known.</summary>
        public Reading With(HessianFactor factor)
            => this with { Factor = factor, States = [.. States.Select((state, j) => state with { Definiteness = factor.Definiteness[j], Condition = factor.Conditions[j] })] };
    }
}
