using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>
/// The network of Krizhevsky, Sutskever and Hinton (NIPS 2012) up to FC7: five convolutions and two fully connected layers, each with ReLU, without
/// dropout. There are two kinds: Caffe's reference model, the one of Fernando and Gould (2016), and torchvision's.
/// </summary>
public sealed class AlexNet : FrameNetwork
{
    /// <summary>The last pooling of larger or smaller frames is adapted to this many rows and columns.</summary>
    private const long LastSide = 6;

    /// <summary>Frames need this many pixels in width and height for something to be left after the last pooling.</summary>
    public const int LeastCaffeSide = 67, LeastTorchvisionSide = 63;

    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Conv2d conv3;
    private readonly Conv2d conv4;
    private readonly Conv2d conv5;
    private readonly Linear fc6;
    private readonly Linear fc7;
    private readonly MaxPool2d pool;
    private readonly AdaptiveAvgPool2d lastPool;
    private readonly LocalResponseNorm? norm;

    private AlexNet(string name, int[] channels, long firstPadding, long groups, bool normalised, PixelValues values) : base(name, 4096, values)
    {
        conv1 = nn.Conv2d(3, channels[0], 11, stride: 4, padding: firstPadding);
        conv2 = nn.Conv2d(channels[0], channels[1], 5, padding: 2, groups: groups);
        conv3 = nn.Conv2d(channels[1], channels[2], 3, padding: 1);
        conv4 = nn.Conv2d(channels[2], channels[3], 3, padding: 1, groups: groups);
        conv5 = nn.Conv2d(channels[3], channels[4], 3, padding: 1, groups: groups);
        fc6 = nn.Linear(LastSide * LastSide * channels[4], FeatureCount);
        fc7 = nn.Linear(FeatureCount, FeatureCount);
        pool = nn.MaxPool2d(3, stride: 2);
        lastPool = nn.AdaptiveAvgPool2d(LastSide);
        norm = normalised ? nn.LocalResponseNorm(5, 1e-4, 0.75, 1) : null;
        RegisterComponents();
    }

    /// <summary>Caffe's reference model (CaffeNet), for frames of 227 × 227 pixels: channels in two groups, local response normalisation after the first two poolings.</summary>
    public static AlexNet Caffe() => new("CaffeNet", [96, 256, 384, 384, 256], firstPadding: 0, groups: 2, normalised: true, PixelValues.Caffe);

    /// <summary>torchvision's <c>alexnet</c>, for frames of 224 × 224 pixels (Krizhevsky, "One weird trick", 2014).</summary>
    public static AlexNet Torchvision() => new("AlexNet", [64, 192, 384, 256, 256], firstPadding: 2, groups: 1, normalised: false, PixelValues.Torchvision);

    protected override Tensor Features(Tensor x)
    {
        x = Normalise(pool.call(conv1.call(x).relu()));
        x = Normalise(pool.call(conv2.call(x).relu()));
        x = conv3.call(x).relu();
        x = conv4.call(x).relu();
        x = lastPool.call(pool.call(conv5.call(x).relu()));
        return fc7.call(fc6.call(x.flatten(1)).relu()).relu();
    }

    private Tensor Normalise(Tensor x) => norm is null ? x : norm.call(x);
}
