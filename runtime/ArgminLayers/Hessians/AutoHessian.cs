using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>Takes for every batch the form that its structure and sizes make cheapest and most accurate; always exact.</summary>
/// <param name="structure">What the Hessian is made of.</param>
internal sealed class AutoHessian(HessianStructure structure) : IHessianForm
{
    private static readonly CholeskyHessian Cholesky = new();
    private static readonly DiagonalHessian Diagonal = new();
    private static readonly WoodburyHessian Woodbury = new();

    public HessianFactor Factor(ArgminProblem problem, Tensor y) => Choose(problem, y).Factor(problem, y);

    // A diagonal is a matrix, a Cholesky factor a stack of them, and Woodbury's identity needs more than one tensor.
    public Tensor Solve(IReadOnlyList<Tensor> factor, Tensor b)
    {
        if (factor.Count > 1)
            return Woodbury.Solve(factor, b);
        return factor[0].dim() == 2 ? Diagonal.Solve(factor, b) : Cholesky.Solve(factor, b);
    }

    private IHessianForm Choose(ArgminProblem problem, Tensor y)
    {
        if (structure is HessianStructure.ScaledIdentity or HessianStructure.Diagonal)
            return Diagonal;
        if (structure != HessianStructure.DiagonalPlusLowRank)
            return Cholesky;
        using var scope = NewDisposeScope();
        var factors = problem.Factors(y)!;
        // A base that is not positive, an unregularised bias say, leaves H regular but has no inverse of its own.
        return factors.Rows.size(-2) < y.size(1) && factors.Diagonal.gt(Scalars.Zero).all().item<bool>() ? Woodbury : Cholesky;
    }
}
