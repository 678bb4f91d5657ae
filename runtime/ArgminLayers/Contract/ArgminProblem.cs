using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>
/// A batch of problems <c>argmin_y f(x, y)</c> with their inputs x bound: what generated code offers, and all that solvers and Hessian forms see.
/// </summary>
/// <remarks>
/// Shapes: B problems, y flattened to n numbers. y is (B, n); an input is (B, …) or, where the batch shares it, (1, …).
/// Every method returns a tensor of the caller's dispose scope and leaves no other tensor behind. With grad mode on, every piece
/// is differentiable by autograd in y and in the inputs.
/// </remarks>
public abstract class ArgminProblem
{
    /// <summary>What the compiler found out about the objective.</summary>
    public abstract ObjectiveInfo Info { get; }

    /// <summary>Whether f has points without a value, as log and sqrt have: there derivatives may look as if nothing were wrong, so a step is judged by f itself.</summary>
    public virtual bool HasLimitedDomain => false;

    /// <summary>f(x, y), of shape (B).</summary>
    /// <param name="y">The point, (B, n).</param>
    public abstract Tensor Objective(Tensor y);

    /// <summary>∇_y f, of shape (B, n).</summary>
    /// <param name="y">The point, (B, n).</param>
    public abstract Tensor Gradient(Tensor y);

    /// <summary>(∂²f/∂y²) d, of shape (B, n), without forming the Hessian.</summary>
    /// <param name="y">The point, (B, n).</param>
    /// <param name="direction">d, (B, n).</param>
    public abstract Tensor HessianVectorProduct(Tensor y, Tensor direction);

    /// <summary>The diagonal of ∂²f/∂y², of shape (B, n).</summary>
    /// <param name="y">The point, (B, n).</param>
    public abstract Tensor HessianDiagonal(Tensor y);

    /// <summary>∂²f/∂y² as a dense matrix, of shape (B, n, n).</summary>
    /// <param name="y">The point, (B, n).</param>
    public abstract Tensor Hessian(Tensor y);

    /// <summary>The factors of the Hessian where its structure is <see cref="HessianStructure.DiagonalPlusLowRank"/>, else null.</summary>
    /// <param name="y">The point, (B, n).</param>
    public virtual HessianFactors? Factors(Tensor y) => null;

    /// <summary>
    /// The blocks of the Hessian, (B or 1, K or 1, m, m), where its structure is <see cref="HessianStructure.RowBlocks"/> or <see cref="HessianStructure.ColumnBlocks"/> with K rows or
    /// columns of m numbers each; else null.
    /// </summary>
    /// <param name="y">The point, (B, n).</param>
    public virtual Tensor? Blocks(Tensor y) => null;

    /// <summary>The two matrices of the Hessian where its structure is <see cref="HessianStructure.KroneckerSum"/> or <see cref="HessianStructure.KroneckerProduct"/>, else null.</summary>
    /// <param name="y">The point, (B, n).</param>
    public virtual KroneckerFactors? Kronecker(Tensor y) => null;

    /// <summary>
    /// Which smooth piece of f a point is on: booleans of shape (B, kinks), or null where f is twice continuously differentiable. Two points with equal pieces have the same Hessian
    /// where f <see cref="IsPiecewiseQuadratic"/>.
    /// </summary>
    /// <param name="y">The point, (B, n).</param>
    public virtual Tensor? Pieces(Tensor y) => null;

    /// <summary>Whether f is quadratic on each of its pieces, so that a full Newton step between points of equal pieces is exact.</summary>
    public virtual bool IsPiecewiseQuadratic => false;

    /// <summary>The mixed vector–Jacobian products ∂(λᵀ ∇_y f)/∂x, one entry an input, in the order of <see cref="ObjectiveInfo.Inputs"/>.</summary>
    /// <param name="y">The point, (B, n).</param>
    /// <param name="lambda">λ, (B, n).</param>
    /// <param name="wanted">One entry an input: whether its product is asked for.</param>
    /// <returns>For each wanted input a tensor of shape (B, the input's own extents); null for the others.</returns>
    public abstract Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted);
}
