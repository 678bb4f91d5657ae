using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>A batch of factorised Hessians: enough to solve systems with them, in a form that a backward pass can save.</summary>
/// <param name="Tensors">What <see cref="IHessianForm.Solve"/> needs, in an order that the form knows.</param>
/// <param name="Definiteness">What the factorisation found, one entry a problem.</param>
internal sealed record HessianFactor(IReadOnlyList<Tensor> Tensors, IReadOnlyList<Definiteness> Definiteness);

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
