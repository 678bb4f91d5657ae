using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>A batch of factorised Hessians of which nothing has been read yet: a solver asks about them together with all else that it decides on.</summary>
/// <param name="Form">The form that factorised, never one that only chooses.</param>
/// <param name="Tensors">What <see cref="IHessianForm.Solve"/> needs.</param>
/// <param name="Questions">What has to be brought to the host, each (B).</param>
/// <param name="Answer">
/// The factor from the answers, one row a question; null where the plan does not hold at the point, so that another must be made. To be called in the scope that the factor was prepared in.
/// </param>
internal sealed record PendingFactor(IHessianForm Form, IReadOnlyList<Tensor> Tensors, IReadOnlyList<Tensor> Questions, Func<double[][], HessianFactor?> Answer)
{
    /// <summary>A factor of which all is known that can be known without a look at it.</summary>
    public static PendingFactor Known(HessianFactor factor) => new(factor.Form, factor.Tensors, [], _ => factor);

    /// <summary>The factor, in a transfer of its own, where the plan was made at the point.</summary>
    public HessianFactor Read() => Answer(Questions.Count == 0 ? [] : Host.Rows([.. Questions]))!;
}
