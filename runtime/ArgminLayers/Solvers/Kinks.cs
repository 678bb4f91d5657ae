using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>Solutions on a kink of φ: where the second derivative differs on both sides, and rounding hides on which side the prediction is.</summary>
internal static class Kinks
{
    /// <summary>Whether some predictor of a problem is on a kink, (B); null where φ has none.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="z">The predictions, (B, K).</param>
    /// <param name="error">What z may be wrong by, (B, K).</param>
    public static Tensor? At(LinearPredictorProblem problem, Tensor z, Tensor error)
        => Jumps(problem, z, error) is { } jumps ? jumps.gt(Scalars.Zero).any(-1) : null;

    /// <summary>
    /// For solutions of the y side, where z = Ay + b is as wrong as its evaluation: φ″‖a‖²/ρ of the stiffest predictor on a kink, (B), which H's condition is at least on one of the sides;
    /// 0 where none is on a kink, and null where φ has none.
    /// </summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The solution, (B, n).</param>
    public static Tensor? StiffnessAt(LinearPredictorProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        var a = problem.Predictors;
        Tensor Along(Tensor rows, Tensor x) => rows.matmul(x.unsqueeze(-1)).squeeze(-1);
        if (problem.Pieces(Along(a, y)) is null)
            return null;
        var (z, size) = (Along(a, y), Along(a.abs(), y.abs()));
        if (problem.Offset() is { } b)
            (z, size) = (z.add(b, Scalars.One), size.add(b.abs(), Scalars.One));
        if (Jumps(problem, z, size * Precision.ScalarOf(y.dtype) * Scalars.Four) is not { } jumps)
            return null;
        return ((jumps * (a * a).sum(dim: -1)).amax([-1]) / problem.Rho()).MoveToOuterDisposeScope();
    }

    /// <summary>The larger φ″ of both sides where a predictor is on a kink, 0 elsewhere, (B, K); null where φ has none.</summary>
    private static Tensor? Jumps(LinearPredictorProblem problem, Tensor z, Tensor error)
    {
        // Both sides as two batches in one, (2, B, K).
        var sides = stack([z.sub(error), z.add(error, Scalars.One)], 0);
        if (problem.Pieces(sides) is not { } pieces)
            return null;
        var crosses = pieces[0].ne(pieces[1]).flatten(2).any(-1);
        var curvature = problem.PhiCurvature(sides);
        var (before, after) = (curvature[0], curvature[1]);
        var largest = maximum(before.abs(), after.abs());
        // |x|² has pieces, but one curvature.
        var isJump = crosses.logical_and(before.sub(after).abs().gt(largest * Scalars.Half));
        return largest.where(isJump, zeros_like(largest));
    }
}
