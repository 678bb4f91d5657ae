using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>A batch of factorised Hessians: enough to solve systems with them, in a form that a backward pass can save.</summary>
/// <param name="Tensors">What <see cref="IHessianForm.Solve"/> needs, in an order that the form knows.</param>
/// <param name="Definiteness">What the factorisation found, one entry a problem.</param>
/// <param name="Conditions">
/// κ, one entry a problem: an estimate of the condition of what the form solves, from what the factorisation holds anyway. Rounding takes κε of a solution; an infinite κ
/// leaves nothing of it, though the matrix may be positive definite.
/// </param>
internal sealed record HessianFactor(IReadOnlyList<Tensor> Tensors, IReadOnlyList<Definiteness> Definiteness, IReadOnlyList<double> Conditions);

/// <summary>What a factorisation found out about a Hessian.</summary>
internal enum Definiteness
{
    /// <summary>Positive definite: the second-order condition of a minimum holds.</summary>
    Positive,

    /// <summary>Singular up to the rounding of the factorisation.</summary>
    Singular,

    /// <summary>Regular, with a negative eigenvalue.</summary>
    Indefinite,

    /// <summary>NaN or infinite.</summary>
    NotFinite,

    /// <summary>Outside what the form can factorise, whatever the Hessian's definiteness.</summary>
    OutsideForm,
}
