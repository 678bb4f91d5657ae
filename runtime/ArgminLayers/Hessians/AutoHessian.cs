using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>Takes for every batch the form that its structure and sizes make cheapest and most accurate; always exact.</summary>
/// <param name="structure">What the Hessian is made of.</param>
/// <param name="conjugateGradient">What is used where an n×n matrix would be too large.</param>
internal sealed class AutoHessian(HessianStructure structure, ConjugateGradientHessian conjugateGradient) : IHessianForm
{
    /// <summary>n above which a Hessian without structure is not formed: its factorisation takes n³/3 operations and n² numbers a problem.</summary>
    public const long LargestDense = 2048;

    private static readonly CholeskyHessian Cholesky = new();
    private static readonly DiagonalHessian Diagonal = new();
    private static readonly KroneckerHessian Kronecker = new();
    private static readonly WoodburyHessian Woodbury = new();

    public HessianForm Kind => HessianForm.Auto;

    public FactorPlan Plan(ArgminProblem problem, Tensor y)
    {
        if (structure is HessianStructure.ScaledIdentity or HessianStructure.Diagonal)
            return new(Diagonal);
        if (structure is HessianStructure.RowBlocks or HessianStructure.ColumnBlocks)
            return new(Cholesky);
        if (structure is HessianStructure.KroneckerSum or HessianStructure.KroneckerProduct)
            return new(Kronecker);
        var dense = new FactorPlan(y.size(1) > LargestDense ? conjugateGradient : Cholesky);
        if (structure != HessianStructure.DiagonalPlusLowRank)
            return dense;
        // ρI and a rank of K at most: the dense form is the cheaper one, and coupled predictions may have K² rows of factors, too many to build for their number alone.
        if (problem is LinearPredictorProblem linear && linear.Predictors.size(-2) >= y.size(1))
            return dense;
        using var scope = NewDisposeScope();
        var factors = problem.Factors(y)!;
        // What sizes alone decide needs no look at values, which on a GPU would be waited for.
        if (factors.Rows.size(-2) >= y.size(1))
            return dense;
        var terms = LowRankTerms.Of(factors);
        // d ≤ 0 throughout leaves no base to start from; where it is so in a few elements, each costs one more term.
        return terms.HasBase && factors.Rows.size(-2) + terms.Lifted.Length < y.size(1) ? new(Woodbury, terms) : dense;
    }

    public PendingFactor Prepare(ArgminProblem problem, Tensor y, FactorPlan plan)
        => throw new InvalidOperationException("A Hessian is prepared by the form that its plan names.");

    public HessianSolution Solve(HessianSystem system, Tensor b)
        => throw new InvalidOperationException("Systems are solved by the form that factorised them.");
}
