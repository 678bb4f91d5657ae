using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Benchmarks.Layers;

/// <summary>A forward and a backward pass through a pooling, in two parts that a clock can tell apart.</summary>
internal sealed class PoolingPass
{
    private readonly Func<Tensor, Tensor> pool;
    private readonly Tensor leaf;
    private readonly bool isLeaf;
    private Tensor? input;
    private Tensor? output;

    /// <summary>Prepares the passes.</summary>
    /// <param name="pool">(B, T, D) to (B, D).</param>
    /// <param name="frames">The frames.</param>
    /// <param name="isLeaf">Whether the frames are a leaf, which keeps its gradient, or come out of a network, which passes it on.</param>
    public PoolingPass(Func<Tensor, Tensor> pool, Tensor frames, bool isLeaf = false)
    {
        this.pool = pool;
        this.isLeaf = isLeaf;
        leaf = frames.detach().requires_grad_().DetachFromDisposeScope();
        Gradient = randn_like(frames.select(1, 0)).DetachFromDisposeScope();
    }

    /// <summary>∂L/∂u, (B, D), that the backward pass starts from.</summary>
    public Tensor Gradient { get; set; }

    /// <summary>∂L/∂V of the last pass, where the frames are a leaf.</summary>
    public Tensor LeafGradient => leaf.grad!;

    /// <summary>Forgets the last pass; not timed.</summary>
    public void Prepare()
    {
        leaf.grad?.Dispose();
        leaf.grad = null;
        if (!ReferenceEquals(input, leaf))
            input?.Dispose();
        input = isLeaf ? leaf : EndOfGradients.apply(leaf).DetachFromDisposeScope();
    }

    /// <summary>The forward pass, ready for a backward pass.</summary>
    public void Forward()
    {
        output?.Dispose();
        output = pool(input!).DetachFromDisposeScope();
    }

    /// <summary>The backward pass.</summary>
    public void Backward() => output!.backward([Gradient]);

    /// <summary>The place of a network that gave the frames: takes their gradient, and does nothing with it.</summary>
    private sealed class EndOfGradients : autograd.SingleTensorFunction<EndOfGradients>
    {
        public override string Name => nameof(EndOfGradients);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).alias();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            grad_output.Dispose();
            return [null!];
        }
    }
}
