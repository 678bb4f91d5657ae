using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RankPool.Training.Optimizers;

/// <summary>
/// Moves parameters along their gradients. In place of <c>torch.optim</c>, whose steps hand libtorch temporary <see cref="Scalar"/>s that the
/// garbage collector may free while they are read.
/// </summary>
public abstract class Optimizer : IDisposable
{
    private readonly List<Tensor> moments = [];

    private protected Optimizer(IEnumerable<Parameter> parameters) => Parameters = [.. parameters];

    /// <summary>Steps taken.</summary>
    public int Steps { get; set; }

    /// <summary>What the optimizer remembers beside <see cref="Steps"/>, in a fixed order.</summary>
    public IReadOnlyList<Tensor> Moments => moments;

    private protected IReadOnlyList<Parameter> Parameters { get; }

    /// <summary>Forgets the gradients.</summary>
    public void ZeroGradient()
    {
        using var scope = NewDisposeScope();
        foreach (var parameter in Parameters)
            parameter.grad?.zero_();
    }

    /// <summary>Moves every parameter that has a gradient.</summary>
    public void Step(double learningRate)
    {
        Steps++;
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Move(learningRate);
    }

    public void Dispose()
    {
        foreach (var moment in moments)
            moment.Dispose();
        moments.Clear();
        DisposeScalars();
        GC.SuppressFinalize(this);
    }

    private protected abstract void Move(double learningRate);

    private protected abstract void DisposeScalars();

    /// <summary>A tensor of zeros as large as each parameter.</summary>
    private protected List<Tensor> NewMoments()
    {
        var added = Parameters.Select(parameter => zeros_like(parameter, requires_grad: false).DetachFromDisposeScope()).ToList();
        moments.AddRange(added);
        return added;
    }
}
