using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>Two 3 × 3 convolutions with batch normalisation, beside an identity, or a 1 × 1 convolution where the shape changes (He et al. 2016, Fig. 2).</summary>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d bn2;
    private readonly Sequential? downsample;

    public ResidualBlock(long before, long after, long stride) : base(nameof(ResidualBlock))
    {
        conv1 = nn.Conv2d(before, after, 3, stride: stride, padding: 1, bias: false);
        bn1 = nn.BatchNorm2d(after);
        conv2 = nn.Conv2d(after, after, 3, padding: 1, bias: false);
        bn2 = nn.BatchNorm2d(after);
        if (stride != 1 || before != after)
            downsample = nn.Sequential(nn.Conv2d(before, after, 1, stride: stride, bias: false), nn.BatchNorm2d(after));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = bn2.call(conv2.call(bn1.call(conv1.call(input)).relu()));
        return (downsample is null ? x.add(input, One) : x.add(downsample.call(input), One)).relu().MoveToOuterDisposeScope();
    }

    private static readonly Scalar One = 1;
}
