using ArgminLayers.Hessians;
using ArgminLayers.Predictors;
using ArgminLayers.Solvers;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Differentiation;

/// <summary>
/// A problem at a solution that was found on the side of the predictors, for forms of the Hessian that work on y's: <c>H = ρI + Aᵀ φ″ A</c> and <c>φ′ = −ρa</c> as the solver left them.
/// </summary>
/// <remarks>
/// Evaluated again from y, z would be wrong by the rounding of y: enough to put a prediction on another piece of φ, and for φ′ to lose κ times as many digits as y, so the gradient
/// could be wrong in every digit where the solution is right in all.
/// </remarks>
/// <param name="problem">The problem, in the precision of the point.</param>
/// <param name="point">The solution.</param>
internal sealed class SolvedPredictors(LinearPredictorProblem problem, SpanPoint point) : ArgminProblem
{
    public override ObjectiveInfo Info => problem.Info;

    private PredictorMap A => Layout.Map(problem);

    private SpanLayout Layout => point.Layout;

    public override Tensor Objective(Tensor y) => problem.Objective(y);

    public override Tensor Gradient(Tensor y) => problem.Gradient(y);

    public override Tensor HessianVectorProduct(Tensor y, Tensor direction)
    {
        using var scope = NewDisposeScope();
        var d = Layout.SplitVariable(direction);
        var product = (point.Rho * d).add(A.TransposedTimes(point.Curvature.Times(A.Times(d))), Scalars.One);
        return Layout.JoinVariable(product).MoveToOuterDisposeScope();
    }

    public override Tensor HessianDiagonal(Tensor y)
    {
        using var scope = NewDisposeScope();
        return Layout.JoinVariable(point.Curvature.DiagonalBetween(A.Dense()).add(point.Rho, Scalars.One)).MoveToOuterDisposeScope();
    }

    public override Tensor Hessian(Tensor y)
    {
        using var scope = NewDisposeScope();
        return (Blocks(y) is { } blocks ? DenseHessian.Of(blocks, y.size(-1), Info.Structure) : Each()).MoveToOuterDisposeScope();
    }

    public override Tensor? Blocks(Tensor y)
    {
        if (Layout.IsWhole)
            return null;
        using var scope = NewDisposeScope();
        return Layout.Grouped(Each()).MoveToOuterDisposeScope();
    }

    // Where φ″ is a matrix, the factors are those of the losses between predictions, which only y tells.
    public override HessianFactors? Factors(Tensor y)
        => problem.Columns is null && point.Curvature.Weights is { } weights ? new(point.Rho, problem.Predictors, weights) : problem.Factors(y);

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted)
    {
        var zeta = A.Times(Layout.SplitVariable(lambda));
        return problem.MixedVjp(point.At(y, lambda, zeta, point.Curvature.Times(zeta)), wanted);
    }

    /// <summary>The Hessians of the R problems, (R, n, n).</summary>
    private Tensor Each()
    {
        var hessians = point.Curvature.Between(A.Dense());
        hessians.diagonal(0, -2, -1).add_(point.Rho, Scalars.One);
        return hessians;
    }
}
