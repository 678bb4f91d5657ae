using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>H = L Lᵀ, dense: O(n³), or block by block where the rows or columns of y go apart: O(K m³), and O(m³ + K m²) where all share one block. Applies to every objective.</summary>
internal sealed class CholeskyHessian : IHessianForm
{
    /// <summary>κε from which on pivots alone, which may hide a factor of m² of κ, are not believed at a solution.</summary>
    private const double Doubtful = 1e-3;

    public HessianForm Kind => HessianForm.Cholesky;

    public HessianFactor Factor(ArgminProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        return Prepare(problem, y).Read().MoveToOuter(scope);
    }

    public PendingFactor Prepare(ArgminProblem problem, Tensor y) => Prepared(Blocks(problem, y), y.size(0));

    /// <summary>The blocks of H, (B or 1, K or 1, m, m): a dense Hessian is one.</summary>
    private static Tensor Blocks(ArgminProblem problem, Tensor y) => problem.Blocks(y) ?? problem.Hessian(y).unsqueeze(1);

    private PendingFactor Prepared(Tensor blocks, long size)
    {
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
        var blocks = Blocks(problem, y);
        var found = Prepared(blocks, y.size(0)).Read();
        if (MayHideExhaustion(found, Precision.Of(y.dtype)))
        {
            var estimates = Host.Rows(ScaledCondition.Of(blocks, found.Tensors[0]).expand(y.size(0)))[0];
            found = found with { Conditions = [.. found.Conditions.Select((condition, b) => found.Definiteness[b] == Definiteness.Positive && estimates[b] > condition ? estimates[b] : condition)] };
        }
        return found.MoveToOuter(scope);
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

    /// <summary>Tells singular from indefinite by the smallest eigenvalue, against the rounding of the largest.</summary>
    private static void Classify(Tensor blocks, bool[] failed, Definiteness[] definiteness)
    {
        var precision = Precision.Of(blocks.dtype) * blocks.size(-1);
        for (var b = 0; b < failed.Length; b++)
        {
            if (!failed[b])
                continue;
            var matrices = blocks.select(0, blocks.size(0) == 1 ? 0 : b);
            if (!matrices.isfinite().all().item<bool>())
            {
                definiteness[b] = Definiteness.NotFinite;
                continue;
            }
            var eigenvalues = Host.Rows(linalg.eigvalsh(matrices).reshape(-1))[0];
            definiteness[b] = eigenvalues.Min() < -precision * eigenvalues.Max(Math.Abs) ? Definiteness.Indefinite : Definiteness.Singular;
        }
    }
}
