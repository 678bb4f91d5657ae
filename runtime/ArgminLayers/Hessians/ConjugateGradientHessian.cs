using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>
/// Conjugate gradients on <c>Hx = b</c>, preconditioned by H's diagonal: H is never formed, only multiplied with vectors. O(n) memory, one product an iteration.
/// </summary>
/// <remarks>
/// With α and β of the iterations, the tridiagonal matrix of Lanczos (<c>Tⱼⱼ = 1/αⱼ + βⱼ₋₁/αⱼ₋₁</c>, <c>Tⱼ,ⱼ₊₁ = √βⱼ/αⱼ</c>) has extreme eigenvalues close to those of the preconditioned H: its
/// condition. A residual counts as small enough below the tolerance, or where no digit of x could make it smaller. A direction p with pᵀHp ≤ 0 ends a problem's iteration where it stands:
/// x is then still a direction along which f falls (Steihaug 1983).
/// </remarks>
/// <param name="tolerance">Bound on ‖b − Hx‖/‖b‖; null for 1e-10 in float64 and 1e-5 in float32.</param>
/// <param name="maximum">The most products with H that one system may take.</param>
internal sealed class ConjugateGradientHessian(double? tolerance, int maximum) : IHessianForm
{
    /// <summary>How often an iteration starts again from the true residual, which the recursive one drifts away from.</summary>
    private const int Restarts = 3;

    public HessianForm Kind => HessianForm.ConjugateGradient;

    public PendingFactor Prepare(ArgminProblem problem, Tensor y, FactorPlan plan)
    {
        var diagonal = problem.HessianDiagonal(y);
        var preconditioner = diagonal.where(diagonal.gt(Scalars.Zero).logical_and(diagonal.isfinite()), ones_like(diagonal));
        // Nothing is decided yet: what H is shows when a system with it is solved.
        var size = (int)y.size(0);
        return PendingFactor.Known(new(this, [preconditioner], new Definiteness[size], [.. Enumerable.Repeat(1.0, size)]) { Sharper = () => Sharpened(problem, y, preconditioner), IsOpen = true });
    }

    private HessianFactor Sharpened(ArgminProblem problem, Tensor y, Tensor preconditioner)
    {
        using var scope = NewDisposeScope();
        // A vector with a part along every direction, the same on every machine.
        var b = (ones([y.size(1)], dtype: ScalarType.Float64, device: y.device).cumsum(0).sqrt() * Wave).cos().to(y.dtype).expand_as(y);
        var solution = Solve(new(problem, y, [preconditioner]), b * preconditioner.sqrt()).Iterative!;
        return new(this, [preconditioner], solution.Definiteness, solution.Conditions) { Residuals = solution.Residuals };
    }

    public HessianSolution Solve(HessianSystem system, Tensor b)
    {
        using var scope = NewDisposeScope();
        var bound = tolerance ?? (b.dtype == ScalarType.Float32 ? 1e-5 : 1e-10);
        var run = new ConjugateGradientRun(d => system.Problem.HessianVectorProduct(system.Y, d), b, system.Factor[0], bound);
        for (var round = 0; round <= Restarts && run.Products < maximum && !run.IsDone; round++)
            run.Iterate(maximum);
        return new(run.X.MoveToOuterDisposeScope(), run.Report());
    }

    private static readonly Scalar Wave = 12.9898.ToScalar();
}
