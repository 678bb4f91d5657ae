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
    {
        // Both sides as two batches in one, (2, B, K).
        var sides = stack([z.sub(error), z.add(error, Scalars.One)], 0);
        if (problem.Pieces(sides) is not { } pieces)
            return null;
        var crosses = pieces[0].ne(pieces[1]).flatten(2).any(-1);
        var curvature = problem.PhiCurvature(sides);
        var (before, after) = (curvature[0], curvature[1]);
        // |x|² has pieces, but one curvature.
        var jumps = before.sub(after).abs().gt(maximum(before.abs(), after.abs()) * Scalars.Half);
        return crosses.logical_and(jumps).any(-1);
    }

    /// <summary>The same for a solution of the y side, where z = Ay + b is as wrong as its evaluation.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The solution, (B, n).</param>
    public static Tensor? At(LinearPredictorProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        var a = problem.Predictors;
        Tensor Along(Tensor rows, Tensor x) => rows.matmul(x.unsqueeze(-1)).squeeze(-1);
        if (problem.Pieces(Along(a, y)) is null)
            return null;
        var (z, size) = (Along(a, y), Along(a.abs(), y.abs()));
        if (problem.Offset() is { } b)
            (z, size) = (z.add(b, Scalars.One), size.add(b.abs(), Scalars.One));
        return At(problem, z, size * Precision.ScalarOf(y.dtype) * Scalars.Four)?.MoveToOuterDisposeScope();
    }
}
