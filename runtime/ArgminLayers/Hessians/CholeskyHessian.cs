using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>H = L Lᵀ, dense: O(n³). Applies to every objective.</summary>
internal sealed class CholeskyHessian : IHessianForm
{
    public HessianForm Kind => HessianForm.Cholesky;

    public HessianFactor Factor(ArgminProblem problem, Tensor y)
    {
        using var scope = NewDisposeScope();
        var hessian = problem.Hessian(y);
        var (factor, info) = linalg.cholesky_ex(hessian);
        var pivots = factor.diagonal(0, -2, -1);
        // 1 + Σᵢ (Hᵢᵢ/Lᵢᵢ² − 1): what elimination takes away. Unlike the ratio of pivots it does not mistake a scaling of y for a bad condition.
        var condition = (hessian.diagonal(0, -2, -1) / (pivots * pivots)).sub(Scalars.One).sum(dim: -1).add(Scalars.One, Scalars.One);
        var isFailed = info.ne(Scalars.Zero).logical_or(factor.isfinite().all(-1).all(-1).logical_not());
        var rows = Host.Rows(isFailed, condition.masked_fill(isFailed, Scalars.One));
        bool[] failed = [.. rows[0].Select(static flag => flag != 0)];
        var definiteness = new Definiteness[failed.Length];
        if (Array.Exists(failed, static failure => failure))
            Classify(hessian, failed, definiteness);
        return new(this, [factor.MoveToOuterDisposeScope()], definiteness, rows[1]);
    }

    public HessianSolution Solve(HessianSystem system, Tensor b)
    {
        using var scope = NewDisposeScope();
        return new(b.unsqueeze(-1).cholesky_solve(system.Factor[0]).squeeze(-1).MoveToOuterDisposeScope());
    }

    /// <summary>Tells singular from indefinite by the smallest eigenvalue, against the rounding of the largest.</summary>
    private static void Classify(Tensor hessian, bool[] failed, Definiteness[] definiteness)
    {
        var precision = Precision.Of(hessian.dtype) * hessian.size(-1);
        for (var b = 0; b < failed.Length; b++)
        {
            if (!failed[b])
                continue;
            var matrix = hessian.select(0, b);
            if (!matrix.isfinite().all().item<bool>())
            {
                definiteness[b] = Definiteness.NotFinite;
                continue;
            }
            var eigenvalues = Host.Rows(linalg.eigvalsh(matrix))[0];
            definiteness[b] = eigenvalues[0] < -precision * eigenvalues.Max(Math.Abs) ? Definiteness.Indefinite : Definiteness.Singular;
        }
    }
}
