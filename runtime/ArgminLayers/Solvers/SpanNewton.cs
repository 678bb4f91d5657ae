using ArgminLayers.Batching;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// Newton's method for <c>f(y) = ½ρ‖y‖² + cᵀy + φ(z)</c>, <c>z = Ay + b</c>, φ convex, in the span of A's rows: <c>y = Aᵀa − c/ρ</c>.
/// </summary>
/// <remarks>
/// With <c>K = AAᵀ</c>, computed once, and <c>s = √φ″</c>: residual <c>r = ρa + φ′(z)</c>, whose root is unique even where K is singular;
/// <c>M = ρI + sKs</c>; step <c>(ρI + φ″K)δ = −r</c>, solved with M; <c>‖∇f‖² = rᵀKr</c>. An iteration costs K³ and does not touch A.
/// A problem is done when a full step lands on the piece that it started from (φ piecewise quadratic: the step was exact), or when every element of r is
/// within the rounding of its own evaluation. The norm of the gradient would mislead both ways.
/// </remarks>
internal sealed class SpanNewton : ISolver
{
    private const int DefaultIterations = 100;

    /// <summary>How many roundings of its terms an element of the residual may differ from zero by, beside the √K of a sum of K products.</summary>
    private const double Roundings = 8;

    /// <summary>‖sKs‖∞ ε/ρ above which float32 loses the solution, and the side of the predictors goes on in float64.</summary>
    private const double FloatLimit = 5e-3;

    private static readonly Scalar SlackRoundings = 4.0.ToScalar();

    public SolverKind Kind => SolverKind.SpanNewton;

    public Minimum Minimize(ProblemBatch batch, Tensor? start, long variableSize, ArgminOptions options)
    {
        using var scope = NewDisposeScope();
        var inputType = batch.Dtype;
        var side = new SpanSide((LinearPredictorProblem)batch.Problem);
        var a = start is null ? batch.Zeros(side.Gram.size(-1)) : side.CoefficientsAt(start);
        var progress = new SpanProgress((int)batch.Size, Roundings + Math.Sqrt(side.Gram.size(-1)));
        Tensor? pieces = null;
        for (var iteration = 0; ; iteration++)
        {
            var step = NewDisposeScope();
            try
            {
                var at = Evaluate(side, a);
                var now = side.Problem.Pieces(at.Z);
                var rows = Host.Rows(at.Ratio, at.Stiffness, Exact(side.Problem, pieces, now, at.Finite), at.Finite);
                if (batch.Dtype == ScalarType.Float32 && Array.Exists(rows[1], static stiffness => stiffness > FloatLimit))
                {
                    step.Dispose();
                    batch = batch.To(ScalarType.Float64);
                    (side, a, pieces) = (new SpanSide((LinearPredictorProblem)batch.Problem), a.to(ScalarType.Float64), null);
                    progress.Restart();
                    iteration--;
                    continue;
                }

                var active = progress.Decide(iteration, options.MaxIterations ?? DefaultIterations, rows[0], rows[2], rows[3]);
                if (active.Count == 0)
                    return Finish(side, at, progress, inputType, step, scope);

                var (next, accepted, lengths) = Step(side, at, active);
                progress.Searched(active, accepted, lengths);
                a = next.MoveToOuterDisposeScope();
                pieces = now?.MoveToOuterDisposeScope();
            }
            finally
            {
                step.Dispose();
            }
        }
    }

    private static Point Evaluate(SpanSide side, Tensor a)
    {
        var z = side.PredictionsAt(a);
        var slope = side.Problem.PhiGradient(z);
        var curvature = side.Problem.PhiCurvature(z);
        var ridge = side.Rho * a;
        var residual = ridge.add(slope, Scalars.One);
        var rounding = ridge.abs().add(slope.abs(), Scalars.One).add(curvature.abs() * side.PredictionScale(a), Scalars.One) * side.Epsilon;
        var size = residual.abs();
        var ratio = (size / rounding).where(size.gt(Scalars.Zero), size).amax([-1]);
        var scale = curvature.clamp_min(Scalars.Zero).sqrt();
        var stiffness = (scale * side.TimesAbsoluteGram(scale)).amax([-1], true) / side.Rho * side.Epsilon;
        return new(a, z, residual, scale, rounding, ratio, stiffness.squeeze(-1), curvature.lt(Scalars.Zero).any(-1), residual.isfinite().logical_and(curvature.isfinite()).all(-1));
    }

    /// <summary>Whether a full step that ended here was exact, (B).</summary>
    private static Tensor Exact(LinearPredictorProblem problem, Tensor? before, Tensor? now, Tensor finite)
    {
        if (!problem.IsPiecewiseQuadratic || (now is not null && before is null))
            return zeros_like(finite);
        return now is null ? ones_like(finite) : now.eq(before!).flatten(1).all(1);
    }

    private static (Tensor Next, double[] Accepted, double[] Lengths) Step(SpanSide side, Point at, List<int> active)
    {
        var direction = Direction(side, at, active);
        var along = side.TimesGram(direction);
        var done = new bool[at.A.size(0)];
        Array.Fill(done, true);
        foreach (var i in active)
            done[i] = false;
        var (alpha, accepted) = LineSearch.Convex(
            alpha => Slope(side, at, direction, along, alpha.unsqueeze(-1)),
            (at.Residual * along).sum(dim: -1),
            (at.Rounding * along.abs()).sum(dim: -1) * SlackRoundings,
            Host.Mask(done, at.A.device));
        var rows = Host.Rows(accepted, alpha);
        var length = alpha.where(accepted, zeros_like(alpha)).unsqueeze(-1);
        return (at.A.add(length * direction, Scalars.One), rows[0], rows[1]);
    }

    /// <summary>g(α) = ∇f(y + αd)ᵀd = r(a + αδ)ᵀKδ, (B).</summary>
    private static Tensor Slope(SpanSide side, Point at, Tensor direction, Tensor along, Tensor alpha)
    {
        using var scope = NewDisposeScope();
        var a = at.A.add(alpha * direction, Scalars.One);
        var slope = side.Problem.PhiGradient(at.Z.add(alpha * along, Scalars.One));
        return ((side.Rho * a).add(slope, Scalars.One) * along).sum(dim: -1).MoveToOuterDisposeScope();
    }

    /// <summary>δ, (B, K); zero for problems that are done, which cost no factorisation.</summary>
    private static Tensor Direction(SpanSide side, Point at, List<int> active)
    {
        if (active.Count == at.A.size(0))
            return Direction(side.Gram, at.Scale, at.Residual, side.Rho);
        var indices = Host.Indices(active, at.A.device);
        Tensor Part(Tensor tensor) => tensor.size(0) == 1 ? tensor : tensor.index_select(0, indices);
        var part = Direction(Part(side.Gram), Part(at.Scale), Part(at.Residual), Part(side.Rho));
        return zeros_like(at.A).index_copy_(0, indices, part);
    }

    /// <summary>The root of <c>(ρI + φ″K)δ = −r</c>: −r/ρ where φ″ is zero, and <c>δ = −s M⁻¹ (r/s + s K δ₀)</c> elsewhere, with δ₀ the part already known.</summary>
    /// <remarks><c>−(r − s M⁻¹ s K r)/ρ</c>, the same without a division by s, cancels to the part ρ/‖sKs‖ of its terms.</remarks>
    private static Tensor Direction(Tensor gram, Tensor scale, Tensor residual, Tensor rho)
    {
        var flat = (residual / rho).neg();
        var curved = (scale * scale * gram.diagonal(0, -2, -1)).gt(rho * Precision.SquareOf(gram.dtype));
        var (zero, one) = (zeros_like(residual), ones_like(residual));
        scale = scale.where(curved, zero);
        var fixedPart = zero.where(curved, flat);
        var right = (residual / scale.where(curved, one)).where(curved, zero).add(scale * gram.matmul(fixedPart.unsqueeze(-1)).squeeze(-1), Scalars.One);
        var factor = SpanSide.Factor(gram, scale, rho);
        return (scale * right.unsqueeze(-1).cholesky_solve(factor).squeeze(-1)).neg().where(curved, fixedPart);
    }

    private static Minimum Finish(SpanSide side, Point at, SpanProgress progress, ScalarType inputType, DisposeScope step, DisposeScope run)
    {
        var squares = (at.Residual * side.TimesGram(at.Residual)).sum(dim: -1);
        var rows = Host.Rows(squares.clamp_min(Scalars.Zero).sqrt(), at.Concave, at.Stiffness);
        var errors = rows[2];
        // ‖sKs‖∞ε/ρ is all that most problems need.
        if (Array.Exists(errors, static error => !(error <= Precision.Exhausted)))
            errors = Host.Rows(Error(side, at))[0];
        var reports = rows[0].Select((norm, i) => new ProblemReport(i, Status(progress.Status(i), rows[1][i] != 0, errors[i]), progress.Iterations(i), norm)).ToArray();
        var solution = side.Primal(at.A).to(inputType);
        var span = new SpanPoint(at.A, at.Z, side.Gram, at.Scale, side.Rho);
        foreach (var tensor in span.Tensors.Append(solution))
        {
            step.MoveToOuter(tensor);
            run.MoveToOuter(tensor);
        }
        return new(solution, reports, span);
    }

    /// <summary>
    /// The relative error that rounding may have brought where ρ is small beside sKs, (B): that of M's own condition, which is far below ‖sKs‖/ρ where K tells
    /// the predictors apart, but ‖sKs‖∞ε/ρ where the rounding of z hides which piece of φ a predictor is on.
    /// </summary>
    private static Tensor Error(SpanSide side, Point at)
    {
        var error = SpanSide.Condition(side.Gram, at.Scale, side.Rho) * side.Epsilon;
        var rounding = side.PredictionScale(at.A) * side.Epsilon;
        if (side.Problem.Pieces(at.Z.add(rounding, Scalars.One)) is not { } above)
            return error;
        var isCertain = above.eq(side.Problem.Pieces(at.Z.sub(rounding))!).flatten(1).all(1);
        return error.where(isCertain, maximum(error, at.Stiffness));
    }

    // φ that curves downwards at the solution has no √φ″, so what rests on it would be wrong.
    private static ArgminStatus Status(ArgminStatus status, bool concave, double error)
    {
        if (status == ArgminStatus.Converged && concave)
            return ArgminStatus.FormInapplicable;
        var mayBeExhausted = status is ArgminStatus.Converged or ArgminStatus.IterationLimit or ArgminStatus.LineSearchFailed;
        return mayBeExhausted && !(error <= Precision.Exhausted) ? ArgminStatus.PrecisionExhausted : status;
    }

    /// <summary>An iterate: a, z, r, s, the rounding of r's elements, and what is decided on.</summary>
    private sealed record Point(Tensor A, Tensor Z, Tensor Residual, Tensor Scale, Tensor Rounding, Tensor Ratio, Tensor Stiffness, Tensor Concave, Tensor Finite);
}
