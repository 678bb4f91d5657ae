using ArgminLayers.Hessians;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Differentiation;

/// <summary>The adjoint through a form of the Hessian: λ = H⁻¹ ∂L/∂y.</summary>
/// <param name="form">How systems with H are solved.</param>
/// <param name="isExact">Whether that is H itself, not an approximation.</param>
/// <param name="isStiff">Whether an exact form has lost digits that an iterative refinement, <c>λ + H⁻¹(∂L/∂y − Hλ)</c>, gives back.</param>
internal sealed class HessianAdjoint(IHessianForm form, bool isExact, bool isStiff) : Adjoint
{
    private const int Refinements = 2;

    public override AdjointProducts Products(ArgminProblem problem, Tensor y, IReadOnlyList<Tensor> tensors, Tensor gradient, IReadOnlyList<bool> wanted)
    {
        var system = new HessianSystem(problem, y, tensors);
        var (lambda, iterative) = form.Solve(system, gradient);
        for (var round = 0; isStiff && round < Refinements; round++)
            lambda = lambda.add(form.Solve(system, gradient.sub(problem.HessianVectorProduct(y, lambda))).X, Scalars.One);
        return new(problem.MixedVjp(y, lambda.neg(), wanted), iterative);
    }

    public override AdjointProducts DifferentiableProducts(ArgminProblem problem, Tensor y, Tensor gradient, IReadOnlyList<bool> wanted)
    {
        if (!isExact)
            throw new InvalidOperationException("a gradient through the approximation HessianForm.Diagonal has no meaningful derivative; choose an exact form for second derivatives");
        var lambda = linalg.solve(problem.Hessian(y), gradient.unsqueeze(-1)).squeeze(-1);
        return new(problem.MixedVjp(y, lambda.neg(), wanted));
    }
}
