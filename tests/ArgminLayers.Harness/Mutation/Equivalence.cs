using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Mutation;

/// <summary>Whether a mutant computes the same functions as the original though its code is another: every piece, at many points with no symmetry of their own, the arguments of each drawn apart.</summary>
internal static class Equivalence
{
    /// <summary>Nothing that was changed reaches a result, or it was a symmetric matrix that was transposed.</summary>
    public const string SameBits = "the same bits: entries that no result takes, or a matrix that is symmetric by its formula transposed";

    /// <summary>The matrix that was transposed is symmetric but for rounding.</summary>
    public const string SameValues = "the same values to rounding: a matrix that is symmetric by its formula transposed";

    /// <summary>The pieces that a condition tells apart are those that its opposite tells apart.</summary>
    public const string OppositeConditions = "conditions or their opposites: only where they change counts";

    private const int Draws = 12;
    private const double Rounding = 1e-11;

    /// <summary>Why the two are equivalent; null where they differ at a point.</summary>
    /// <param name="original">The layer as it was generated.</param>
    /// <param name="mutant">The changed one.</param>
    /// <param name="draw">The objective's arguments from a seed.</param>
    public static string? Reason(Layer original, Layer mutant, Func<int, Dictionary<string, object>> draw)
    {
        var sameBits = true;
        List<Tensor> conditions = [], mutated = [];
        for (var seed = 1; seed <= Draws; seed++)
        {
            using var scope = NewDisposeScope();
            var arguments = draw(seed);
            var (left, right) = (Results(original, arguments, seed), Results(mutant, arguments, seed));
            if (left.Count != right.Count)
            {
                return null;
            }

            foreach (var (a, b) in left.Zip(right))
            {
                if (!a.shape.SequenceEqual(b.shape) || a.dtype != b.dtype)
                {
                    return null;
                }

                if (a.dtype == ScalarType.Bool)
                {
                    conditions.Add(a.MoveToOuterDisposeScope());
                    mutated.Add(b.MoveToOuterDisposeScope());
                    continue;
                }

                // A NaN makes the comparison false.
                if (!((a - b).abs().sum().item<double>() <= Rounding * a.abs().sum().item<double>()))
                {
                    return null;
                }

                sameBits &= a.eq(b).all().item<bool>();
            }
        }

        return conditions.Zip(mutated).All(pair => pair.First.eq(pair.Second).all().item<bool>()) ? sameBits ? SameBits : SameValues
            : AreOfOnePartition(conditions, mutated, conditions.Count / Draws) ? OppositeConditions
            : null;
    }

    /// <summary>All that a problem gives its solvers, in a batch of one.</summary>
    private static List<Tensor> Results(Layer layer, Dictionary<string, object> arguments, int seed)
    {
        var problem = layer.Bind(arguments);
        var y = ((Tensor)arguments[PieceChecks.VariableOf(layer)]).reshape(1, -1);
        var wanted = PieceChecks.InputsOf(layer).Select(_ => true).ToArray();
        var direction = PieceChecks.Direction(y, seed);
        List<Tensor?> results =
        [
            problem.Objective(y), problem.Gradient(y), problem.HessianVectorProduct(y, direction), problem.HessianDiagonal(y), problem.Hessian(y), problem.Blocks(y), problem.Pieces(y),
            .. problem.MixedVjp(y, direction, wanted),
        ];
        if (problem.Factors(y) is { } factors)
        {
            results.AddRange([factors.Diagonal, factors.Rows, factors.Weights]);
        }

        if (problem.Kronecker(y) is { } kronecker)
        {
            results.AddRange([kronecker.Rows, kronecker.Columns, kronecker.Shift]);
        }

        if (problem is LinearPredictorProblem predictors)
        {
            var near = predictors.Predictions(y);
            Tensor Near(int stream) => PieceChecks.Direction(near, seed + (1000 * stream));
            var (z, zeta, p) = (near + Near(1), Near(2), Near(3));
            var together = predictors.PhiDerivatives(z);
            results.AddRange([predictors.Phi(z), predictors.PhiGradient(z), predictors.PhiCurvature(z), predictors.PhiHessian(z), predictors.PhiPieces(z), together.Gradient, together.Curvature, together.Pieces]);
            results.AddRange(predictors.MixedVjp(new LinearPredictorPoint(y, direction, z, zeta, p, predictors.PhiHessian(z).matmul(zeta.unsqueeze(-1)).squeeze(-1)), wanted));
        }

        return [.. results.OfType<Tensor>()];
    }

    /// <summary>Whether each set of conditions, at a place of its own, is the other's but for their order and for which side of a condition is called so.</summary>
    private static bool AreOfOnePartition(List<Tensor> conditions, List<Tensor> mutated, int sets)
    {
        for (var set = 0; set < sets; set++)
        {
            var (left, right) = (Columns(conditions, set, sets), Columns(mutated, set, sets));
            if (!left.Zip(right).All(pair => pair.First.SequenceEqual(pair.Second)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>For every place the sorted conditions, each as its answers at all points, the first answer being false.</summary>
    private static List<List<string>> Columns(List<Tensor> all, int set, int sets)
    {
        // (places, conditions, points)
        var stacked = stack(all.Where((_, k) => k % sets == set).Select(one => one.reshape(-1, one.size(-1))).ToArray(), -1);
        var (places, count) = ((int)stacked.size(0), (int)stacked.size(1));
        var answers = stacked.ne(stacked.narrow(-1, 0, 1)).contiguous().data<bool>().ToArray();
        return Enumerable.Range(0, places).Select(place => Enumerable.Range(0, count)
            .Select(k => string.Concat(answers.AsSpan(((place * count) + k) * Draws, Draws).ToArray().Select(answer => answer ? '1' : '0'))).Order(StringComparer.Ordinal).ToList()).ToList();
    }
}
