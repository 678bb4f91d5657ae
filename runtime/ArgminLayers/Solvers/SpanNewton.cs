using ArgminLayers.Batching;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// Newton's method for <c>f(y) = ½ρ‖y‖² + cᵀy + φ(z)</c>, <c>z = Ay + b</c>, φ convex, in the span of A's rows: <c>y = Aᵀa − c/ρ</c>.
/// </summary>
/// <remarks>
/// With <c>K = AAᵀ</c>, computed once: residual <c>r = ρa + φ′(z)</c>, whose root is unique even where K is singular; step <c>(ρI + φ″K)δ = −r</c>, solved as
/// <see cref="SpanCurvature"/> says; <c>‖∇f‖² = rᵀKr</c>. An iteration costs K³ and does not touch A.
/// Where steps stay short because a stiff φ has a kink at every one of them, φ is eased: the steps are those of <c>½ρ‖y‖² + cᵀy + τφ</c>, whose minimum follows τ up to 1 in few steps.
/// A problem is done when a full step lands on the piece that it started from (φ piecewise quadratic: the step was exact), or when every element of r is
/// within the rounding of its own evaluation. The norm of the gradient would mislead both ways.
/// </remarks>
internal sealed class SpanNewton : ISolver
{
    private const int DefaultIterations = 100;

    /// <summary>How many roundings of its terms an element of the residual may differ from zero by, beside the √K of a sum of K products.</summary>
    private const double Roundings = 8;

    /// <summary>‖φ″K‖∞ ε/ρ above which float32 loses the solution, and the side of the predictors goes on in float64.</summary>
    private const double FloatLimit = 5e-3;

    private static readonly Scalar SlackRoundings = 4.0.ToScalar();

    public SolverKind Kind => SolverKind.SpanNewton;

    public Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize, ArgminOptions options)
    {
        using var scope = NewDisposeScope();
        var inputType = batch.Dtype;
        var side = new SpanSide((LinearPredictorProblem)batch.Problem);
        var a = start is null ? null : side.CoefficientsAt(start);
        var progress = new SpanProgress((int)batch.Size, Roundings + Math.Sqrt(side.Gram.size(-1)));
        var factors = new SpanFactors((int)batch.Size);
        Step? last = null;
        for (var iteration = 0; ; iteration++)
        {
            var inner = NewDisposeScope();
            try
            {
                var at = Evaluate(side, batch, a, Ridge(side, batch, progress));
                var pieces = side.Problem.PhiPieces(at.Z);
                // All that is decided on, with how the last step went, in the one transfer of an iteration.
                var rows = Host.Rows([at.Ratio, at.StiffnessBound, Exact(side.Problem, last?.Pieces, pieces, at.Finite), at.Finite, .. last?.Flags ?? []]);
                if (batch.Dtype == ScalarType.Float32 && NeedsDouble(side, at, rows[1]))
                {
                    inner.Dispose();
                    batch = batch.To(ScalarType.Float64);
                    (side, a, last) = (new SpanSide((LinearPredictorProblem)batch.Problem), a?.to(ScalarType.Float64), null);
                    progress.Restart();
                    factors.Clear();
                    iteration--;
                    continue;
                }

                if (last is { Flags: not [] } step)
                {
                    progress.Searched(step.Active, rows[^2], rows[^2]);
                    int[] undecided = [.. step.Active.Where(i => rows[^2][i] == 0)];
                    if (undecided.Length > 0)
                    {
                        a = Searched(side, step, a!, undecided, rows[^2], rows[^1], progress, factors).MoveToOuterDisposeScope();
                        last = step with { Flags = [] };
                        iteration--;
                        continue;
                    }
                }

                var active = progress.Decide(iteration, options.MaxIterations ?? DefaultIterations, rows[0], rows[2], rows[3]);
                if (active.Count == 0)
                {
                    var end = progress.Eased() is null ? at : Evaluate(side, batch, a, side.Rho);
                    return Finish(side, end, progress, factors.AtSolution(progress), options, inputType, inner, scope);
                }
                if (progress.Ease(active, rows[1], Precision.Of(batch.Dtype)))
                {
                    last = null;
                    iteration--;
                    continue;
                }

                last = Next(side, at, pieces, active, factors);
                a = at.A.add(last.Direction.where(last.Flags[0].unsqueeze(-1), zeros_like(last.Direction)), Scalars.One).MoveToOuterDisposeScope();
                foreach (var tensor in last.Tensors)
                    inner.MoveToOuter(tensor);
            }
            finally
            {
                inner.Dispose();
            }
        }
    }

    private static bool NeedsDouble(SpanSide side, Point at, double[] bounds)
    {
        static bool Exceeds(double[] stiffness) => Array.Exists(stiffness, static value => value > FloatLimit);
        return Exceeds(bounds) && Exceeds(Host.Rows(at.Curvature.Stiffness(side))[0]);
    }

    /// <summary>ρ/τ: problems with that ridge have the same minimum as those with τφ.</summary>
    private static Tensor Ridge(SpanSide side, ProblemBatch batch, SpanProgress progress)
        => progress.Eased() is { } tau ? side.Rho / tensor(tau, dtype: batch.Dtype, device: side.Rho.device).unsqueeze(-1) : side.Rho;

    /// <summary>An iterate at a; zero where a is null, which costs no product.</summary>
    private static Point Evaluate(SpanSide side, ProblemBatch batch, Tensor? a, Tensor rho)
    {
        var z = a is null ? side.Offset.expand(batch.Size, side.Gram.size(-1)) : side.PredictionsAt(a);
        var predictionScale = a is null ? z.abs() : side.PredictionScale(a);
        a ??= zeros_like(z);
        var slope = side.Problem.PhiGradient(z);
        var curvature = SpanCurvature.At(side.Problem, z);
        var ridge = rho * a;
        var residual = ridge.add(slope, Scalars.One);
        var rounding = ridge.abs().add_(slope.abs(), Scalars.One).add_(curvature.AbsoluteTimes(predictionScale), Scalars.One).mul_(side.Epsilon);
        var size = residual.abs();
        var ratio = (size / rounding).where(size.gt(Scalars.Zero), size).amax([-1]);
        // The rounding is finite where residual and curvature are.
        var finite = residual.add(rounding, Scalars.Zero).isfinite().all(-1).logical_and(side.IsFinite);
        // Beyond the domain of φ its derivatives may be finite, and have roots of their own.
        if (side.Problem.HasLimitedDomain)
            finite = finite.logical_and(side.Problem.Phi(z).isfinite());
        return new(a, rho, z, residual, curvature, rounding, ratio, curvature.StiffnessBound(side), finite);
    }

    /// <summary>Whether a full step that ended here was exact, (B).</summary>
    private static Tensor Exact(LinearPredictorProblem problem, Tensor? before, Tensor? now, Tensor finite)
    {
        if (!problem.IsPiecewiseQuadratic || (now is not null && before is null))
            return zeros_like(finite);
        return now is null ? ones_like(finite) : now.eq(before!).flatten(1).all(1);
    }

    /// <summary>The direction from an iterate, and whether the full step along it is certain to lead down: asked for on the device, and read with the next iterate.</summary>
    private static Step Next(SpanSide side, Point at, Tensor? pieces, List<int> active, SpanFactors factors)
    {
        var (direction, failed) = Direction(side, at, active, factors);
        var along = side.TimesGram(direction);
        var (slope, slack) = AlongStep(at, along);
        // g at ½ and at 1 as two batches in one, (2, B): the time of small problems is that of calls.
        var slopes = Slope(side, at, direction, along, tensor([0.5, 1.0], dtype: along.dtype, device: along.device).reshape(2, 1, 1));
        var isTaken = LineSearch.TakesFullStep(slopes[0], slopes[1], slope, slack);
        return new(at, pieces, direction, along, active, [isTaken.logical_and(failed.logical_not()), failed]);
    }

    /// <summary>a after the line search of those problems whose full step was not certain; the others have taken theirs.</summary>
    private static Tensor Searched(
        SpanSide side, Step step, Tensor a, int[] undecided, double[] isTaken, double[] failed, SpanProgress progress, SpanFactors factors)
    {
        var (at, direction, along) = (step.From, step.Direction, step.Along);
        if (Array.Exists(undecided, i => failed[i] != 0))
        {
            direction = at.Curvature.RegularisedStep(side.Gram, at.Residual, at.Rho);
            along = side.TimesGram(direction);
            foreach (var i in undecided)
                factors.Forget(i);
        }
        var (slope, slack) = AlongStep(at, along);
        var taken = Host.Mask(isTaken.Select((value, i) => value != 0 || !undecided.Contains(i)), a.device);
        var (alpha, accepted) = LineSearch.Convex(alpha => Slope(side, at, direction, along, alpha.unsqueeze(-1)), slope, slack, taken);
        var rows = Host.Rows(accepted, alpha);
        progress.Searched(undecided, rows[0], rows[1]);
        var moves = accepted.logical_and(taken.logical_not()).unsqueeze(-1);
        return a.add((alpha.unsqueeze(-1) * direction).where(moves, zeros_like(direction)), Scalars.One);
    }

    /// <summary>g(0) = rᵀKδ and its rounding, (B).</summary>
    private static (Tensor Slope, Tensor Slack) AlongStep(Point at, Tensor along)
        => ((at.Residual * along).sum(dim: -1), (at.Rounding * along.abs()).sum(dim: -1) * SlackRoundings);

    /// <summary>g(α) = ∇f(y + αd)ᵀd = r(a + αδ)ᵀKδ, (…, B), for α (…, B or 1, 1).</summary>
    private static Tensor Slope(SpanSide side, Point at, Tensor direction, Tensor along, Tensor alpha)
    {
        using var scope = NewDisposeScope();
        var a = at.A.add(alpha * direction, Scalars.One);
        var z = at.Z.add(alpha * along, Scalars.One);
        var slope = ((at.Rho * a).add(side.Problem.PhiGradient(z), Scalars.One) * along).sum(dim: -1);
        // Beyond the domain of φ, 0 · φ is NaN, and so is the slope.
        return (side.Problem.HasLimitedDomain ? slope.add(side.Problem.Phi(z) * Scalars.Zero, Scalars.One) : slope).MoveToOuterDisposeScope();
    }

    /// <summary>δ, (B, K), and where the factorisation failed, (B); zero for problems that are done, which cost no factorisation.</summary>
    private static (Tensor Direction, Tensor Failed) Direction(SpanSide side, Point at, List<int> active, SpanFactors factors)
    {
        if (active.Count == at.A.size(0))
        {
            var (whole, factor, failed) = at.Curvature.Step(side.Gram, at.Residual, at.Rho);
            factors.Keep(active, null, factor);
            return (whole, failed);
        }
        var indices = Host.Indices(active, at.A.device);
        Tensor Part(Tensor tensor) => tensor.size(0) == 1 ? tensor : tensor.index_select(0, indices);
        var (part, partFactor, partFailed) = at.Curvature.Select(indices).Step(Part(side.Gram), Part(at.Residual), Part(at.Rho));
        factors.Keep(active, indices, partFactor);
        return (zeros_like(at.A).index_copy_(0, indices, part), zeros_like(at.Finite).index_copy_(0, indices, partFailed));
    }

    private static Minimum Finish(
        SpanSide side, Point at, SpanProgress progress, IReadOnlyList<Tensor>? factor, ArgminOptions options, ScalarType inputType, DisposeScope step, DisposeScope run)
    {
        var y = side.Primal(at.A);
        var span = new SpanPoint(at.A, at.Z, side.Gram, at.Curvature, side.Rho, factor);
        var (reports, known) = new SpanVerdict(side, span, y).Reports(at.Residual, at.StiffnessBound, progress, options.EstimateCondition);
        var solution = y.to(inputType);
        foreach (var tensor in span.Tensors.Append(solution).Concat(known ?? []))
        {
            step.MoveToOuter(tensor);
            run.MoveToOuter(tensor);
        }
        return new(solution, reports, span with { Factor = known });
    }

    /// <summary>An iterate: a, ρ/τ, z, r, φ″, the rounding of r's elements, and what is decided on.</summary>
    private sealed record Point(Tensor A, Tensor Rho, Tensor Z, Tensor Residual, SpanCurvature Curvature, Tensor Rounding, Tensor Ratio, Tensor StiffnessBound, Tensor Finite);

    /// <summary>A step: where it started and on which pieces, δ, Kδ, the problems that take it, and whether the full step was taken and the factorisation failed (both (B); none once that is settled).</summary>
    private sealed record Step(Point From, Tensor? Pieces, Tensor Direction, Tensor Along, List<int> Active, Tensor[] Flags)
    {
        /// <summary>What the next iteration needs.</summary>
        public IEnumerable<Tensor> Tensors
            => [From.A, From.Rho, From.Z, From.Residual, From.Curvature.Tensor, From.Rounding, Direction, Along, .. Flags, .. Pieces is null ? Array.Empty<Tensor>() : [Pieces]];
    }
}
