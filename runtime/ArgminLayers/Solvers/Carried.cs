using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>The tensors that one iteration hands to the next: they leave the iteration's scope, and go when the next ones come, so that a long run holds those of one iteration.</summary>
internal sealed class Carried
{
    private IReadOnlyCollection<Tensor> held = [];

    /// <summary>Keeps tensors of an iteration's scope, and disposes those that were kept before and are not among them.</summary>
    public void Next(DisposeScope iteration, IEnumerable<Tensor> tensors)
    {
        var next = new HashSet<Tensor>(tensors, ReferenceEqualityComparer.Instance);
        foreach (var tensor in held)
        {
            if (!next.Contains(tensor))
                tensor.Dispose();
        }
        foreach (var tensor in next)
            iteration.MoveToOuter(tensor);
        held = next;
    }
}
