using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>
/// ResNet-18 (He et al., CVPR 2016) without its classifier, 512 features per frame, laid out and named as torchvision's <c>resnet18</c>. Batch normalisation
/// uses its stored statistics in training too, as is usual where a batch is one video: a frame's features do not depend on the frames beside it.
/// </summary>
public sealed class ResNet18 : FrameNetwork
{
    /// <summary>Frames need this many pixels in width and height.</summary>
    public const int LeastSide = 32;

    private readonly Conv2d conv1;
    private readonly BatchNorm2d bn1;
    private readonly MaxPool2d maxpool;
    private readonly Sequential layer1;
    private readonly Sequential layer2;
    private readonly Sequential layer3;
    private readonly Sequential layer4;
    private readonly AdaptiveAvgPool2d avgpool;

    public ResNet18() : base(nameof(ResNet18), 512, PixelValues.Torchvision)
    {
        conv1 = nn.Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false);
        bn1 = nn.BatchNorm2d(64);
        maxpool = nn.MaxPool2d(3, stride: 2, padding: 1);
        layer1 = nn.Sequential(new ResidualBlock(64, 64, 1), new ResidualBlock(64, 64, 1));
        layer2 = nn.Sequential(new ResidualBlock(64, 128, 2), new ResidualBlock(128, 128, 1));
        layer3 = nn.Sequential(new ResidualBlock(128, 256, 2), new ResidualBlock(256, 256, 1));
        layer4 = nn.Sequential(new ResidualBlock(256, 512, 2), new ResidualBlock(512, 512, 1));
        avgpool = nn.AdaptiveAvgPool2d(1);
        RegisterComponents();
        train();
    }

    public override void train(bool train = true)
    {
        base.train(train);
        foreach (var normalisation in modules().OfType<BatchNorm2d>())
            normalisation.eval();
    }

    protected override Tensor Features(Tensor x)
    {
        x = maxpool.call(bn1.call(conv1.call(x)).relu());
        x = layer4.call(layer3.call(layer2.call(layer1.call(x))));
        return avgpool.call(x).flatten(1);
    }
}
