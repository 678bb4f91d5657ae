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
/// <c>−∇fᵀd</c> although it is already below the rounding of f. Where f is piecewise quadratic it is done when a full step lands on the piece that it started from: that step was exact.
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
        for (var iteration = 0; ; iteration++)
        {
            using var step = NewDisposeScope();
            var at = Evaluate(batch, y);
            isIterative = at.Factor.Form.Kind == HessianForm.ConjugateGradient;
            var before = pieces;
            pieces = isIterative || !batch.Problem.IsPiecewiseQuadratic ? null : batch.Problem.Pieces(y);
            var states = Read(at, before is null ? null : pieces?.eq(before).all(-1));
            var remaining = Enumerable.Range(0, active.Length).Where(j => !progress.Settle(active[j], iteration, states[j])).ToArray();
            if (remaining.Length < active.Length)
            {
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

            var unseen = Host.Mask(active.Select((i, j) => !progress.IsResolvable(i, states[j])), y.device);
            var (alpha, accepted) = Search(batch.Problem, at, at.Value.abs() * slack, unseen);
            var rows = Host.Rows(accepted, alpha);
            for (var j = 0; j < active.Length; j++)
                progress.Searched(active[j], rows[0][j] != 0, rows[1][j]);
            y = at.Y.add(alpha.where(accepted, zeros_like(alpha)).unsqueeze(-1) * at.Direction, Scalars.One).MoveToOuterDisposeScope();
            pieces?.MoveToOuterDisposeScope();
        }
        if (!isIterative)
            return new(solution.MoveToOuterDisposeScope(), progress.Reports!);
        // Conjugate gradients saw of H only what the gradient let them see.
        var factor = form.FactorAtSolution(whole.Problem, solution).MoveToOuter(scope);
        return new(solution.MoveToOuterDisposeScope(), [.. progress.Reports.Select(report => SecondOrder.Tested(report!, factor, epsilon))], Factor: factor);
    }

    private Point Evaluate(ProblemBatch batch, Tensor y)
    {
        var problem = batch.Problem;
        var gradient = problem.Gradient(y);
        var factor = form.Factor(problem, y);
        var system = new HessianSystem(problem, y, factor.Tensors);
        var solution = factor.Form.Solve(system, gradient);
        var direction = solution.X.neg();
        if (solution.Iterative is { } iterative)
        {
            factor = factor with { Definiteness = iterative.Definiteness, Conditions = iterative.Conditions };
        }
        else
        {
            direction = DescentDirection.At(batch, y, gradient, factor, direction);
            var stiff = Stiff(factor, Precision.Of(y.dtype));
            if (Array.Exists(stiff, static isStiff => isStiff))
                direction = Refine(system, gradient, factor, direction, Host.Mask(stiff, y.device));
        }
        return new(y, problem.Objective(y), gradient, direction, (gradient * direction).sum(dim: -1), factor);
    }

    private static bool[] Stiff(HessianFactor factor, double epsilon)
        => [.. factor.Definiteness.Select((definiteness, j) => definiteness == Definiteness.Positive && factor.Conditions[j] * epsilon > HessianFactor.StiffError)];

    /// <summary>One iterative refinement, <c>d − H⁻¹(Hd + ∇f)</c>, which gives back the digits that a form has lost by working on H's base.</summary>
    private static Tensor Refine(HessianSystem system, Tensor gradient, HessianFactor factor, Tensor direction, Tensor stiff)
    {
        var residual = system.Problem.HessianVectorProduct(system.Y, direction).add(gradient, Scalars.One);
        return direction.sub(factor.Form.Solve(system, residual).X).where(stiff.unsqueeze(-1), direction);
    }

    private static NewtonState[] Read(Point at, Tensor? isOnPiece)
    {
        var rows = Host.Rows(at.Value, RowNorm.Of(at.Gradient), at.Slope, RowNorm.Of(at.Direction), RowNorm.Of(at.Y), isOnPiece ?? zeros_like(at.Value));
        return [.. at.Factor.Definiteness.Select((definiteness, j) => new NewtonState(
            rows[0][j], rows[1][j], -rows[2][j], rows[3][j], rows[4][j], definiteness, at.Factor.Conditions[j], rows[5][j] != 0))];
    }

    private (Tensor Alpha, Tensor Accepted) Search(ArgminProblem problem, Point at, Tensor slack, Tensor unseen)
    {
        Tensor Ahead(Tensor alpha) => at.Y.add(alpha.unsqueeze(-1) * at.Direction, Scalars.One);

        // Beyond f's domain, 0 · f is NaN, and so is the slope.
        Tensor SlopeAt(Tensor alpha)
        {
            var ahead = Ahead(alpha);
            var slope = (problem.Gradient(ahead) * at.Direction).sum(dim: -1);
            return problem.HasLimitedDomain ? slope.add(problem.Objective(ahead) * Scalars.Zero, Scalars.One) : slope;
        }

        return info.Curvature == Curvature.Unknown
            ? LineSearch.General(alpha => problem.Objective(Ahead(alpha)), SlopeAt, at.Value, at.Slope, slack, unseen)
            : LineSearch.Convex(SlopeAt, at.Slope, slack, unseen);
    }

    /// <summary>An iterate: y, f, ∇f, d, ∇fᵀd, and the factor of H.</summary>
    private sealed record Point(Tensor Y, Tensor Value, Tensor Gradient, Tensor Direction, Tensor Slope, HessianFactor Factor)
    {
        public Point Select(Tensor indices) => new(
            Y.index_select(0, indices), Value.index_select(0, indices), Gradient.index_select(0, indices),
            Direction.index_select(0, indices), Slope.index_select(0, indices), Factor);
    }
}
