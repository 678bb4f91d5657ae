using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>H = L Lᵀ, dense: O(n³), or block by block where the rows or columns of y go apart: O(K m³), and O(m³ + K m²) where all share one block. Applies to every objective.</summary>
internal sealed class CholeskyHessian : IHessianForm
{
    public HessianForm Kind => HessianForm.Cholesky;

    public PendingFactor Prepare(ArgminProblem problem, Tensor y, FactorPlan plan)
    {
        // (B or 1, K or 1, m, m): a dense Hessian is one block.
        var (blocks, size) = (problem.Blocks(y) ?? problem.Hessian(y).unsqueeze(1), y.size(0));
        var (factor, info) = linalg.cholesky_ex(blocks);
        var pivots = factor.diagonal(0, -2, -1);
        // 1 + Σᵢ (Hᵢᵢ/Lᵢᵢ² − 1): what elimination takes away. Unlike the ratio of pivots it does not mistake a scaling of y for a bad condition.
        var condition = (blocks.diagonal(0, -2, -1) / (pivots * pivots)).sub(Scalars.One).sum(dim: -1).add(Scalars.One, Scalars.One).amax([-1]);
        // What is not finite in a row of L makes its pivot so.
        var isFailed = info.ne(Scalars.Zero).logical_or(pivots.isfinite().all(-1).logical_not()).any(-1);
        var isFinite = blocks.flatten(1).sum(dim: 1).isfinite();
        return new(this, [factor], [isFailed.expand(size), isFinite.expand(size), condition.masked_fill(isFailed, Scalars.One).expand(size)], rows =>
        {
            Definiteness[] definiteness = [.. rows[0].Select((failed, b) => rows[1][b] == 0 ? Definiteness.NotFinite : failed != 0 ? Definiteness.NotPositive : Definiteness.Positive)];
            var found = new HessianFactor(this, [factor], definiteness, rows[2]);
            var isOpen = Array.Exists(definiteness, static one => one == Definiteness.NotPositive) || MayBeExhausted(found, blocks);
            return found with { Sharper = () => Sharpened(found, blocks), IsOpen = isOpen };
        });
    }

    // Pivots alone may hide a factor of some m² of κ.
    private static bool MayBeExhausted(HessianFactor factor, Tensor blocks) => factor.MayBeExhausted(Math.Pow(blocks.size(-1), 2), Precision.Of(blocks.dtype));

    private static HessianFactor Sharpened(HessianFactor factor, Tensor blocks)
    {
        Definiteness[] definiteness = [.. factor.Definiteness];
        if (Array.Exists(definiteness, static one => one == Definiteness.NotPositive))
            Classify(blocks, definiteness);
        return (factor with { Definiteness = definiteness }).WithEstimates(ScaledCondition.Of(factor.Tensors[0]));
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
    private static void Classify(Tensor blocks, Definiteness[] definiteness)
    {
        using var scope = NewDisposeScope();
        int[] places = [.. Enumerable.Range(0, definiteness.Length).Where(b => definiteness[b] == Definiteness.NotPositive)];
        var matrices = blocks.size(0) == 1 ? blocks : blocks.index_select(0, Host.Indices(places, blocks.device));
        var eigenvalues = linalg.eigvalsh(matrices).flatten(1);
        var rows = Host.Rows(eigenvalues.amin([-1]), eigenvalues.abs().amax([-1]));
        var precision = Precision.Of(blocks.dtype) * blocks.size(-1);
        for (var k = 0; k < places.Length; k++)
        {
            var row = blocks.size(0) == 1 ? 0 : k;
            definiteness[places[k]] = rows[0][row] < -precision * rows[1][row] ? Definiteness.Indefinite : Definiteness.Singular;
        }
    }
}
