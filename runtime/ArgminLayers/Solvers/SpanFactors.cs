using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Solvers;

/// <summary>The factor of every problem's last step: that of the solution too where the step was exact, so that a backward pass need not factorise again.</summary>
/// <param name="size">B.</param>
internal sealed class SpanFactors(int size)
{
    private readonly bool[] isKnown = new bool[size];
    private Tensor[]? factors;

    /// <summary>Keeps the factors of a step in the scope around the current one.</summary>
    /// <param name="step">The problems that took the step.</param>
    /// <param name="indices">Their indices; null where they are all of them.</param>
    /// <param name="factor">Their factors, of the current scope.</param>
    public void Keep(IReadOnlyCollection<int> step, Tensor? indices, Tensor[] factor)
    {
        if (indices is null)
        {
            Drop();
            factors = [.. factor.Select(static tensor => tensor.MoveToOuterDisposeScope())];
        }
        else if (factors is null)
        {
            return;
        }
        else
        {
            foreach (var (all, part) in factors.Zip(factor))
                all.index_copy_(0, indices, part);
        }
        foreach (var i in step)
            isKnown[i] = true;
    }

    /// <summary>Forgets a problem's factor, which was not that of its system.</summary>
    public void Forget(int i) => isKnown[i] = false;

    /// <summary>Forgets everything, as in another precision.</summary>
    public void Clear()
    {
        Array.Clear(isKnown);
        Drop();
    }

    /// <summary>The factors at the solution, or null where one of them is not known.</summary>
    /// <param name="progress">How the problems ended.</param>
    public Tensor[]? AtSolution(SpanProgress progress)
        => Enumerable.Range(0, size).All(i => isKnown[i] && progress.EndedExactly(i)) ? factors : null;

    private void Drop()
    {
        foreach (var tensor in factors ?? [])
            tensor.Dispose();
        factors = null;
    }
}
