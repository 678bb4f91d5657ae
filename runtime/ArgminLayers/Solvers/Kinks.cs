using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>Solutions on a kink: where the second derivative differs on both sides, and rounding hides on which side the solution is.</summary>
internal static class Kinks
{
    /// <summary>The spacing of a solution that is zero throughout: less than any that is not.</summary>
    private static readonly Scalar Smallest = 1e-30.ToScalar();

    /// <summary>Whether a solution is on a kink, (B), within the rounding of its own digits; null where f has none.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The solution, (B, n).</param>
    public static Tensor? At(ArgminProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        if (problem is LinearPredictorProblem linear)
            return At(linear, y)?.MoveToOuterDisposeScope();
        if (problem.Pieces(y) is null)
            return null;
        var error = (y.abs().amax([-1], true) * Precision.ScalarOf(y.dtype) * Scalars.Four).add(Smallest, Scalars.One).expand_as(y);
        var patterns = SignPatterns.Of(y);
        return Crossed(problem.Pieces!, y, error, at => problem.HessianVectorProduct(at, patterns.select(-1, 2).expand_as(at))).MoveToOuterDisposeScope();
    }

    /// <summary>Whether some prediction of a problem is on a kink of φ, (B); null where φ has none.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="z">The predictions, (B, K).</param>
    /// <param name="error">What z may be wrong by, (B, K).</param>
    public static Tensor? At(LinearPredictorProblem problem, Tensor z, Tensor error)
    {
        var (below, above) = (z.sub(error), z.add(error, Scalars.One));
        if (problem.PhiPieces(below) is not { } pieces)
            return null;
        // What couples the predictions may not change when all of them move one way.
        if (!problem.IsSeparable)
            return Crossed(problem.PhiPieces!, z, error, problem.PhiHessian);
        var crosses = pieces.ne(problem.PhiPieces(above)!).flatten(2).any(-1);
        var (before, after) = (problem.PhiCurvature(below), problem.PhiCurvature(above));
        // |x|² has pieces, but one curvature.
        var jumps = before.sub(after).abs().gt(maximum(before.abs(), after.abs()) * Scalars.Half);
        return crosses.logical_and(jumps).any(-1);
    }

    /// <summary>The same for a solution of the y side, where z = Ay + b is as wrong as its evaluation.</summary>
    private static Tensor? At(LinearPredictorProblem problem, Tensor y)
    {
        var z = problem.Predictions(y);
        if (problem.PhiPieces(z) is null)
            return null;
        var size = problem.Predictors.abs().matmul(y.abs().unsqueeze(-1)).squeeze(-1);
        if (problem.Offset() is { } b)
            size = size.add(b.abs(), Scalars.One);
        return At(problem, z, size * Precision.ScalarOf(y.dtype) * Scalars.Four);
    }

    /// <summary>Whether errors of some pattern of signs lead to another piece, (B), and the curvature with them to another one by more than rounding makes of it.</summary>
    private static Tensor Crossed(Func<Tensor, Tensor> pieces, Tensor at, Tensor error, Func<Tensor, Tensor> curvature)
    {
        var isOnKink = zeros([at.size(0)], dtype: ScalarType.Bool, device: at.device);
        using Scalar part = Math.Sqrt(Precision.Of(at.dtype)).ToScalar();
        foreach (var signs in SignPatterns.Of(at).unbind(-1))
        {
            var (below, above) = (at.sub(error * signs), at.add(error * signs, Scalars.One));
            var crosses = pieces(below).ne(pieces(above)).flatten(1).any(-1);
            if (!crosses.any().item<bool>())
                continue;
            var (before, after) = (curvature(below).flatten(1), curvature(above).flatten(1));
            var jumps = before.sub(after).abs().amax([-1]).gt(maximum(before.abs(), after.abs()).amax([-1]) * part);
            isOnKink = isOnKink.logical_or(crosses.logical_and(jumps));
        }
        return isOnKink;
    }
}
