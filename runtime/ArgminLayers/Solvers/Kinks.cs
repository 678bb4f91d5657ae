using ArgminLayers.Predictors;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>Solutions on a kink: where the second derivative differs on both sides, and rounding hides on which side the solution is.</summary>
internal static class Kinks
{
    /// <summary>The spacing of a solution that is zero throughout: less than any that is not.</summary>
    private static readonly Scalar Smallest = 1e-30.ToScalar();

    /// <summary>
    /// For solutions of the y side, which are as wrong as their own digits: what H's condition is at least on one of the sides of a kink that the solution is on, (B), where that is known, which is
    /// φ″‖a‖²/ρ of the stiffest predictor there, and else 1; 0 where the solution is on no kink, and null where f has none.
    /// </summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The solution, (B, n).</param>
    public static Tensor? StiffnessAt(ArgminProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        if (problem is LinearPredictorProblem linear)
            return StiffnessAt(linear, y)?.MoveToOuterDisposeScope();
        if (problem.Pieces(y) is null)
            return null;
        var error = (y.abs().amax([-1], true) * Precision.ScalarOf(y.dtype) * Scalars.Four).add(Smallest, Scalars.One).expand_as(y);
        var patterns = SignPatterns.Of(y);
        return Crossed(problem.Pieces!, y, error, at => problem.HessianVectorProduct(at, patterns.select(-1, 2).expand_as(at))).to(y.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Whether some prediction of a problem is on a kink of φ, (B); null where φ has none.</summary>
    /// <param name="problem">The problems.</param>
    /// <param name="z">The predictions, (B, K).</param>
    /// <param name="error">What z may be wrong by, (B, K).</param>
    public static Tensor? At(SpanObjective problem, Tensor z, Tensor error)
    {
        if (problem.IsSeparable)
            return Jumps(problem, z, error) is { } jumps ? jumps.gt(Scalars.Zero).any(-1) : null;
        // What couples the predictions may not change when all of them move one way.
        return problem.PhiPieces(z) is null ? null : Crossed(problem.PhiPieces!, z, error, problem.PhiHessian);
    }

    /// <summary>The same for a solution of the y side, where z = Ay + b is as wrong as its evaluation.</summary>
    private static Tensor? StiffnessAt(LinearPredictorProblem problem, Tensor y)
    {
        var (a, z) = (PredictorMap.Of(problem.Predictors, problem.Columns), problem.Predictions(y));
        if (problem.PhiPieces(z) is null)
            return null;
        var size = a.Absolute().Times(y.abs());
        if (problem.Offset() is { } b)
            size = size.add(b.abs(), Scalars.One);
        var error = size * Precision.ScalarOf(y.dtype) * Scalars.Four;
        var whole = SpanObjective.Whole(problem, y.size(0));
        return problem.IsSeparable
            ? (Jumps(whole, z, error)! * a.SquareNorms()).amax([-1]) / problem.Rho()
            : At(whole, z, error)!.to(y.dtype);
    }

    /// <summary>The larger φ″ of both sides where a predictor is on a kink, 0 elsewhere, (B, K); null where φ, which is separable, has none.</summary>
    private static Tensor? Jumps(SpanObjective problem, Tensor z, Tensor error)
    {
        // Both sides as two batches in one, (2, B, K).
        var sides = stack([z.sub(error), z.add(error, Scalars.One)], 0);
        if (problem.PhiPieces(sides) is not { } pieces)
            return null;
        var crosses = pieces[0].ne(pieces[1]).flatten(2).any(-1);
        var curvature = problem.PhiCurvature(sides);
        var (before, after) = (curvature[0], curvature[1]);
        var largest = maximum(before.abs(), after.abs());
        // |x|² has pieces, but one curvature.
        var isJump = crosses.logical_and(before.sub(after).abs().gt(largest * Scalars.Half));
        return largest.where(isJump, zeros_like(largest));
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
            if (!Host.Any(crosses))
                continue;
            var (before, after) = (curvature(below).flatten(1), curvature(above).flatten(1));
            var jumps = before.sub(after).abs().amax([-1]).gt(maximum(before.abs(), after.abs()).amax([-1]) * part);
            isOnKink = isOnKink.logical_or(crosses.logical_and(jumps));
        }
        return isOnKink;
    }
}
