using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>One way to solve systems with the Hessian H = ∂²f/∂y². Stateless: what is computed lives in the <see cref="HessianFactor"/>.</summary>
internal interface IHessianForm
{
    /// <summary>Factorises H at a point. Never throws for a Hessian that cannot be factorised: that is a <see cref="Definiteness"/>.</summary>
    /// <param name="problem">B problems.</param>
    /// <param name="y">The point, (B, n).</param>
    /// <returns>The factor, its tensors in the caller's scope.</returns>
    HessianFactor Factor(ArgminProblem problem, Tensor y);

    /// <summary>H⁻¹ b, of shape (B, n); without meaning for problems whose factor is not <see cref="Definiteness.Positive"/>.</summary>
    /// <param name="factor">The tensors of a factor of this form.</param>
    /// <param name="b">The right-hand side, (B, n).</param>
    Tensor Solve(IReadOnlyList<Tensor> factor, Tensor b);
}
