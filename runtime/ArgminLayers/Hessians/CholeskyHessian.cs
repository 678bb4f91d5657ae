using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>H = L Lᵀ, dense: O(n³), or block by block where the rows or columns of y go apart: O(K m³), and O(m³ + K m²) where all share one block. Applies to every objective.</summary>
internal sealed class CholeskyHessian : IHessianForm
{
    /// <summary>κε from which on pivots alone, which may hide a factor of some m² of κ, are not believed at a solution: a hundredth of what matters.</summary>
    private const double Doubtful = 1e-2 * Precision.Exhausted;

    public HessianForm Kind => HessianForm.Cholesky;

    public HessianFactor Factor(ArgminProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        return Prepare(problem, y).Read().MoveToOuter(scope);
    }

    public PendingFactor Prepare(ArgminProblem problem, Tensor y)
    {
        // (B or 1, K or 1, m, m): a dense Hessian is one block.
        var (blocks, size) = (problem.Blocks(y) ?? problem.Hessian(y).unsqueeze(1), y.size(0));
        var (factor, info) = linalg.cholesky_ex(blocks);
        var pivots = factor.diagonal(0, -2, -1);
        // 1 + Σᵢ (Hᵢᵢ/Lᵢᵢ² − 1): what elimination takes away. Unlike the ratio of pivots it does not mistake a scaling of y for a bad condition.
        var condition = (blocks.diagonal(0, -2, -1) / (pivots * pivots)).sub(Scalars.One).sum(dim: -1).add(Scalars.One, Scalars.One).amax([-1]);
        var isFailed = info.ne(Scalars.Zero).logical_or(factor.isfinite().all(-1).all(-1).logical_not()).any(-1);
        return new(this, [factor], [isFailed.expand(size), condition.masked_fill(isFailed, Scalars.One).expand(size)], rows =>
        {
            bool[] failed = [.. rows[0].Select(static flag => flag != 0)];
            var definiteness = new Definiteness[failed.Length];
            if (Array.Exists(failed, static failure => failure))
                Classify(blocks, failed, definiteness);
            return new(this, [factor], definiteness, rows[1]);
        });
    }

    public bool MayHideExhaustion(HessianFactor factor, double epsilon)
    {
        double m = factor.Tensors[0].size(-1);
        return factor.Conditions.Any(condition => condition * m * m * epsilon > Doubtful);
    }

    public HessianFactor FactorAtSolution(ArgminProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        var found = Prepare(problem, y).Read();
        return (MayHideExhaustion(found, Precision.Of(y.dtype)) ? Sharpened(found) : found).MoveToOuter(scope);
    }

    public HessianFactor Sharpened(HessianFactor factor)
    {
        var estimates = ScaledCondition.Of(factor.Tensors[0]);
        double Sharp(double condition, int b)
        {
            var estimate = estimates[estimates.Length == 1 ? 0 : b];
            // What a factor of noise says is no number.
            return factor.Definiteness[b] != Definiteness.Positive ? condition : double.IsNaN(estimate) ? double.PositiveInfinity : Math.Max(condition, estimate);
        }
        return factor with { Conditions = [.. factor.Conditions.Select(Sharp)] };
    }

    public HessianSolution Solve(HessianSystem system, Tensor b)
    {
        using var scope = NewDisposeScope();
        var factor = system.Factor[0];
        var (size, n, m) = (b.size(0), b.size(1), factor.size(-1));
        if (m == n)
            return new(b.unsqueeze(-1).cholesky_solve(factor.select(1, 0)).squeeze(-1).MoveToOuterDisposeScope());

        // The rows of b as the blocks go: (B, K, m).
        var isByColumn = system.Problem.Info.Structure == HessianStructure.ColumnBlocks;
        var parts = isByColumn ? b.reshape(size, m, n / m).transpose(-2, -1) : b.reshape(size, n / m, m);
        var solved = factor.size(1) == 1
            ? parts.transpose(-2, -1).cholesky_solve(factor.select(1, 0)).transpose(-2, -1)
            : parts.unsqueeze(-1).cholesky_solve(factor).squeeze(-1);
        return new((isByColumn ? solved.transpose(-2, -1) : solved).reshape(size, n).MoveToOuterDisposeScope());
    }

    /// <summary>Tells singular from indefinite by the smallest eigenvalue, against the rounding of the largest, for all that failed in one transfer.</summary>
    private static void Classify(Tensor blocks, bool[] failed, Definiteness[] definiteness)
    {
        using var scope = NewDisposeScope();
        int[] places = [.. Enumerable.Range(0, failed.Length).Where(b => failed[b])];
        var matrices = blocks.size(0) == 1 ? blocks : blocks.index_select(0, Host.Indices(places, blocks.device));
        // An infinite matrix has no eigenvalues, and asking for them would be an exception.
        var isFinite = matrices.isfinite().flatten(1).all(1);
        var eigenvalues = linalg.eigvalsh(matrices.where(matrices.isfinite(), zeros_like(matrices))).flatten(1);
        var rows = Host.Rows(isFinite, eigenvalues.amin([-1]), eigenvalues.abs().amax([-1]));
        var precision = Precision.Of(blocks.dtype) * blocks.size(-1);
        for (var k = 0; k < places.Length; k++)
        {
            var row = blocks.size(0) == 1 ? 0 : k;
            definiteness[places[k]] = rows[0][row] == 0 ? Definiteness.NotFinite : rows[1][row] < -precision * rows[2][row] ? Definiteness.Indefinite : Definiteness.Singular;
        }
    }
}
