using ArgminLayers.Predictors;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>
/// A batch of problems <c>f(y) = ½ρ‖y‖² + cᵀy + φ(z)</c>, <c>z = A y + b</c>, with ρ > 0: y enters through K linear predictors and an isotropic
/// quadratic only, so the minimiser lies in the span of A's rows (shifted by −c/ρ) and every step can run on the K×K side.
/// </summary>
/// <remarks>
/// Shapes: A is (B or 1, K, n), z is (B, K). Where y is a matrix that A acts on column by column, Z = A Y + B, y and z are its and Z's elements, A is (B or 1, rows, rows of Y), and
/// <see cref="Columns"/> says how they lie. Where φ is separable, Σₖ φₖ(zₖ), φ″ is diagonal and a vector; elsewhere it is a matrix, and f is convex. φ and its derivatives take z of
/// shape (…, B, K) as well, several points at once, and give results with the same leading dimensions.
/// </remarks>
public abstract class LinearPredictorProblem : ArgminProblem
{
    /// <summary>A, of shape (B or 1, K, n); owned by the problem, not by the caller.</summary>
    public abstract Tensor Predictors { get; }

    /// <summary>How the columns lie of a matrix y that A acts on one by one; null where y is a vector.</summary>
    public virtual PredictorColumns? Columns => null;

    /// <summary>b, of shape (B or 1, K), or null where it is zero; a new tensor of the caller's scope.</summary>
    public virtual Tensor? Offset() => null;

    /// <summary>ρ, of shape (B or 1), in the dtype and on the device of A; a new tensor of the caller's scope.</summary>
    public abstract Tensor Rho();

    /// <summary>c, of shape (B or 1, n), or null where it is zero; a new tensor of the caller's scope.</summary>
    public virtual Tensor? Linear() => null;

    /// <summary>Whether φ is Σₖ φₖ(zₖ), so that φ″ is diagonal.</summary>
    public virtual bool IsSeparable => true;

    /// <summary>φ(z), of shape (B).</summary>
    /// <param name="z">The predictions, (B, K).</param>
    public abstract Tensor Phi(Tensor z);

    /// <summary>φ′(z), of shape (B, K).</summary>
    /// <param name="z">The predictions, (B, K).</param>
    public abstract Tensor PhiGradient(Tensor z);

    /// <summary>The diagonal of φ″(z), of shape (B, K).</summary>
    /// <param name="z">The predictions, (B, K).</param>
    public abstract Tensor PhiCurvature(Tensor z);

    /// <summary>φ″(z) as a matrix, of shape (B, K, K).</summary>
    /// <param name="z">The predictions, (B, K).</param>
    public virtual Tensor PhiHessian(Tensor z)
    {
        using var scope = NewDisposeScope();
        return diag_embed(PhiCurvature(z)).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Which smooth piece of φ the predictions are on: booleans of shape (B, K, kinks) where φ is separable, else (B, kinks); null where φ is twice continuously differentiable.
    /// Two points with equal pieces have the same second-order model wherever φ is piecewise quadratic.
    /// </summary>
    /// <param name="z">The predictions, (B, K).</param>
    public virtual Tensor? PhiPieces(Tensor z) => null;

    /// <summary>φ′, the diagonal of φ″ and the pieces at once, where φ is separable: what they share is evaluated once.</summary>
    /// <param name="z">The predictions, (B, K).</param>
    public virtual PredictorDerivatives PhiDerivatives(Tensor z) => new(PhiGradient(z), PhiCurvature(z), PhiPieces(z));

    /// <summary>z = A y + b, of shape (B, K).</summary>
    /// <param name="y">The point, (B, n).</param>
    public Tensor Predictions(Tensor y)
    {
        using var scope = NewDisposeScope();
        var z = PredictorMap.Of(Predictors, Columns).Times(y);
        return (Offset() is { } b ? z.add(b, Scalars.One) : z).MoveToOuterDisposeScope();
    }

    /// <summary>The pieces of φ at z = A y + b.</summary>
    /// <param name="y">The point, (B, n).</param>
    public override Tensor? Pieces(Tensor y)
    {
        using var scope = NewDisposeScope();
        return PhiPieces(Predictions(y))?.flatten(1).MoveToOuterDisposeScope();
    }

    /// <summary>H = ρI + Aᵀ diag(φ″) A where φ is separable and y a vector; else null, unless the problem has other factors.</summary>
    /// <param name="y">The point, (B, n).</param>
    public override HessianFactors? Factors(Tensor y)
    {
        if (!IsSeparable || Columns is not null)
            return null;
        using var scope = NewDisposeScope();
        return new(Rho().unsqueeze(-1).MoveToOuterDisposeScope(), Predictors, PhiCurvature(Predictions(y)).MoveToOuterDisposeScope());
    }

    /// <summary>
    /// The mixed vector–Jacobian products of <see cref="ArgminProblem.MixedVjp"/> from what the solver already has, without another pass over A.
    /// </summary>
    /// <param name="at">y, λ, z, φ′(z) and φ″(z) ζ, and ζ = Aλ where <see cref="NeedsZeta"/>.</param>
    /// <param name="wanted">One entry an input: whether its product is asked for.</param>
    public abstract Tensor?[] MixedVjp(LinearPredictorPoint at, IReadOnlyList<bool> wanted);

    /// <summary>Whether some of these products take ζ itself, which the gradients of A, b, c and ρ do not: those of φ's own parameters do.</summary>
    /// <param name="wanted">One entry an input: whether its product is asked for.</param>
    public virtual bool NeedsZeta(IReadOnlyList<bool> wanted) => true;
}

/// <summary>The quantities of a backward pass on the side of the predictors.</summary>
/// <param name="Y">y, (B, n).</param>
/// <param name="Lambda">λ, (B, n).</param>
/// <param name="Z">z = A y + b, (B, K).</param>
/// <param name="Zeta">ζ = A λ, (B, K); null where <see cref="LinearPredictorProblem.NeedsZeta"/> says that it is not needed.</param>
/// <param name="PhiGradient">φ′(z), (B, K); at a solution −ρa is the more accurate value (A y = A(Aᵀa − c/ρ)).</param>
/// <param name="PhiHessianVectorProduct">φ″(z) ζ, (B, K).</param>
public sealed record LinearPredictorPoint(Tensor Y, Tensor Lambda, Tensor Z, Tensor? Zeta, Tensor PhiGradient, Tensor PhiHessianVectorProduct);
