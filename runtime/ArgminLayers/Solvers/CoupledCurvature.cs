using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>
/// φ″ that couples the predictions, as a matrix S: one factorisation <c>ρI + SK = P L U</c> gives steps, and with its transpose <c>ρI + KS</c> the backward pass.
/// </summary>
/// <remarks>
/// S of a pairwise loss or a soft maximum is singular, so it has no Cholesky factor, and a square root by eigenvectors costs ten times what LU does. The eigenvalues of SK are those of
/// <c>K½SK½</c>: where φ is convex none of <c>ρI + SK</c> is below ρ.
/// </remarks>
/// <param name="matrix">S, (B, K, K).</param>
internal sealed class CoupledCurvature(Tensor matrix) : SpanCurvature
{
    public override IReadOnlyList<Tensor> Tensors => [matrix];

    public override Tensor Least => matrix.diagonal(0, -2, -1).amin([-1], true);

    public override SpanCurvature Select(Tensor indices) => new CoupledCurvature(matrix.index_select(0, indices));

    public override Tensor? Weights => null;

    public override Tensor Times(Tensor x) => BatchedProducts.SymmetricTimes(matrix, x);

    public override Tensor Between(Tensor a) => a.transpose(-2, -1).matmul(matrix.matmul(a));

    public override Tensor DiagonalBetween(Tensor a) => (a * matrix.matmul(a)).sum(dim: -2);

    public override Tensor AbsoluteTimes(Tensor x) => BatchedProducts.SymmetricTimes(matrix.abs(), x);

    public override Tensor Stiffness(SpanSide side)
        => side.TimesAbsoluteGram(matrix.abs().sum(dim: -2)).amax([-1], true).div(side.Rho).squeeze(-1) * side.Epsilon;

    public override Tensor StiffnessBound(SpanSide side) => Stiffness(side).unsqueeze(-1);

    public override (Tensor Descent, Tensor[] Factor, Tensor Failed) Step(Tensor gram, Tensor residual, Tensor rho)
    {
        var factor = Factor(gram, rho);
        var descent = new LuFactors(factor).Solve(residual.unsqueeze(-1)).squeeze(-1);
        var finite = descent.isfinite().all(-1);
        return (descent.where(finite.unsqueeze(-1), zeros_like(descent)), factor, finite.logical_not());
    }

    // A ridge that drowned in the rounding of SK leaves a matrix that LU takes as it is.
    public override Tensor RegularisedStep(Tensor gram, Tensor residual, Tensor rho) => Step(gram, residual, rho).Descent;

    public override Tensor[] Factor(Tensor gram, Tensor rho) => [.. new LuFactors(System(gram, rho)).Tensors];

    public override (Tensor H, Tensor? Zeta) Adjoint(Tensor gram, Tensor rho, IReadOnlyList<Tensor> factor, Tensor p, bool wantsZeta)
    {
        var zeta = new LuFactors(factor).SolveTransposed(p.unsqueeze(-1)).squeeze(-1);
        return (BatchedProducts.SymmetricTimes(matrix, zeta), zeta);
    }

    public override Tensor SquareMovedAtMost(Tensor nu) => BatchedProducts.Dot(nu, AbsoluteTimes(nu));

    public override (Tensor Moved, Tensor Own) Moved(SpanSide side, IReadOnlyList<Tensor> factor, Tensor nu)
    {
        // δa = −(ρI + SK)⁻¹Sν, ‖δy‖² = δaᵀKδa, and ν + Kδa = ρ(ρI + KS)⁻¹ν.
        var lu = new LuFactors(factor);
        var a = lu.Solve(matrix.matmul(nu));
        var square = (a * side.Gram.matmul(a)).sum(dim: -2);
        return (square.clamp_min(Scalars.Zero).sqrt(), side.Rho.unsqueeze(-1) * lu.SolveTransposed(nu));
    }

    /// <summary>‖|N⁻¹||N|‖∞ of N = ρI + SK (Skeel), which a scaling of its rows does not change.</summary>
    public override Tensor Condition(SpanSide side)
    {
        using var scope = NewDisposeScope();
        var system = System(side.Gram, side.Rho);
        var inverse = new LuFactors(system).Solve(eye(system.size(-1), dtype: system.dtype, device: system.device));
        return inverse.abs().matmul(system.abs().sum(dim: -1, keepdim: true)).squeeze(-1).amax([-1]).MoveToOuterDisposeScope();
    }

    /// <summary>ρI + SK.</summary>
    private Tensor System(Tensor gram, Tensor rho)
    {
        var system = matrix.matmul(gram);
        system.diagonal(0, -2, -1).add_(rho, Scalars.One);
        return system;
    }
}
