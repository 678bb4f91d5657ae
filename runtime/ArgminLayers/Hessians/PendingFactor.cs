using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>A batch of factorised Hessians of which nothing has been read yet: a solver asks about them together with all else that it decides on.</summary>
/// <param name="Form">The form that factorised, never one that only chooses.</param>
/// <param name="Tensors">What <see cref="IHessianForm.Solve"/> needs.</param>
/// <param name="Questions">What has to be brought to the host, each (B).</param>
/// <param name="Answer">The factor from the answers, one row a question; to be called in the scope that the factor was prepared in.</param>
internal sealed record PendingFactor(IHessianForm Form, IReadOnlyList<Tensor> Tensors, IReadOnlyList<Tensor> Questions, Func<double[][], HessianFactor> Answer)
{
    /// <summary>A factor of which all is known.</summary>
    public static PendingFactor Known(HessianFactor factor) => new(factor.Form, factor.Tensors, [], _ => factor);

    /// <summary>The factor, in a transfer of its own.</summary>
    public HessianFactor Read() => Answer(Questions.Count == 0 ? [] : Host.Rows([.. Questions]));
}
