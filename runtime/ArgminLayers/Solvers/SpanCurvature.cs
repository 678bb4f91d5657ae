using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>φ″ at predictions z, and the systems <c>(ρI + φ″K)x = b</c> that Newton's steps, the backward pass and the verdict solve with it.</summary>
internal abstract class SpanCurvature
{
    /// <summary>φ″ itself and what it is used by, for <see cref="Of"/>.</summary>
    public abstract IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>The least element of φ″'s diagonal, (B, 1): where it is negative φ curves downwards for sure.</summary>
    public abstract Tensor Least { get; }

    /// <summary>φ″ from the tensors that a backward pass saved, beginning with <see cref="Tensors"/>.</summary>
    public static SpanCurvature Of(bool isSeparable, IReadOnlyList<Tensor> saved)
        => isSeparable ? new SeparableCurvature(saved[0], saved[1], saved[2]) : new CoupledCurvature(saved[0]);

    /// <summary>The problems at some indices.</summary>
    public abstract SpanCurvature Select(Tensor indices);

    /// <summary>φ″ where it is diagonal, as a vector (B, K); else null.</summary>
    public abstract Tensor? Weights { get; }

    /// <summary>φ″ x for x (B, K).</summary>
    public abstract Tensor Times(Tensor x);

    /// <summary>Aᵀ φ″ A, (B, n, n), for A (B or 1, K, n).</summary>
    public abstract Tensor Between(Tensor a);

    /// <summary>The diagonal of Aᵀ φ″ A, (B, n), for A (B or 1, K, n).</summary>
    public abstract Tensor DiagonalBetween(Tensor a);

    /// <summary>|φ″| x for x (B, K): what φ′ changes by at most where z changes by x.</summary>
    public abstract Tensor AbsoluteTimes(Tensor x);

    /// <summary>‖φ″K‖∞ ε/ρ, (B): the part of the solution that rounding may take.</summary>
    public abstract Tensor Stiffness(SpanSide side);

    /// <summary>At least <see cref="Stiffness"/>, (B, 1), without a product.</summary>
    public abstract Tensor StiffnessBound(SpanSide side);

    /// <summary>
    /// −δ for the root δ of <c>(ρI + φ″K)δ = −r</c>, the factor, and what is not zero where the factorisation failed, (B), because ρ has drowned in the rounding of φ″K.
    /// </summary>
    /// <param name="gram">K, (B or 1, K, K).</param>
    /// <param name="residual">r, (B, K).</param>
    /// <param name="rho">ρ, (B or 1, 1).</param>
    public abstract (Tensor Descent, Tensor[] Factor, Tensor Failed) Step(Tensor gram, Tensor residual, Tensor rho);

    /// <summary>−δ with more on the diagonal where the factorisation fails.</summary>
    public abstract Tensor RegularisedStep(Tensor gram, Tensor residual, Tensor rho);

    /// <summary>The factor at a solution, regularised where it must be.</summary>
    public abstract Tensor[] Factor(Tensor gram, Tensor rho);

    /// <summary><c>h = φ″(ρI + Kφ″)⁻¹p</c>, and where it is wanted <c>(p − Kh)/ρ = (ρI + Kφ″)⁻¹p</c>, which h is φ″ times; each (B, K).</summary>
    /// <param name="gram">K, (B or 1, K, K).</param>
    /// <param name="rho">ρ, (B or 1, 1).</param>
    /// <param name="factor">The factor at the solution.</param>
    /// <param name="p">p, (B, K).</param>
    /// <param name="wantsZeta">Whether the second is wanted.</param>
    public abstract (Tensor H, Tensor? Zeta) Adjoint(Tensor gram, Tensor rho, IReadOnlyList<Tensor> factor, Tensor p, bool wantsZeta);

    /// <summary>νᵀ|φ″|ν, (B, 1): predictions that are wrong by ν move y by <c>√(νᵀ|φ″|ν) / (2√ρ)</c> at most.</summary>
    public abstract Tensor SquareMovedAtMost(Tensor nu);

    /// <summary>‖δy‖, and what is left of the errors in the predictions, both for every column of ν, (B, K, signs).</summary>
    public abstract (Tensor Moved, Tensor Own) Moved(SpanSide side, IReadOnlyList<Tensor> factor, Tensor nu);

    /// <summary>The condition of what is factorised, (B); not finite where ρ drowns in the rounding of φ″K.</summary>
    public abstract Tensor Condition(SpanSide side);
}
