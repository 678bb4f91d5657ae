using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Pooling;

/// <summary>The largest value of each feature over a sequence's frames. Blind to their order.</summary>
public sealed class MaxPooling() : nn.Module<Tensor, Tensor, Tensor>(nameof(MaxPooling))
{
    private static readonly Scalar MinusInfinity = double.NegativeInfinity;

    /// <inheritdoc cref="AveragePooling.forward"/>
    public override Tensor forward(Tensor features, Tensor mask)
    {
        FrameMask.Check(features, mask);
        using var scope = NewDisposeScope();
        return FrameMask.Fill(features, FrameMask.Padding(mask), MinusInfinity).amax([-2]).MoveToOuterDisposeScope();
    }
}
