using ArgminLayers.Hessians;
using static TorchSharp.torch;

namespace ArgminLayers.Differentiation;

/// <summary>The adjoint through a form of the Hessian: λ = H⁻¹ ∂L/∂y.</summary>
/// <param name="form">How systems with H are solved.</param>
/// <param name="isExact">Whether that is H itself, not an approximation.</param>
internal sealed class HessianAdjoint(IHessianForm form, bool isExact) : Adjoint
{
    public override Tensor?[] Products(ArgminProblem problem, Tensor y, IReadOnlyList<Tensor> tensors, Tensor gradient, IReadOnlyList<bool> wanted)
        => problem.MixedVjp(y, form.Solve(tensors, gradient).neg(), wanted);

    public override Tensor?[] DifferentiableProducts(ArgminProblem problem, Tensor y, Tensor gradient, IReadOnlyList<bool> wanted)
    {
        if (!isExact)
            throw new InvalidOperationException("a gradient through the approximation HessianForm.Diagonal has no meaningful derivative; choose an exact form for second derivatives");
        var lambda = linalg.solve(problem.Hessian(y), gradient.unsqueeze(-1)).squeeze(-1);
        return problem.MixedVjp(y, lambda.neg(), wanted);
    }
}
