using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RankPool.Networks;

/// <summary>A small ConvNet: three blocks of convolution, ReLU and 2 × 2 max pooling, then a linear layer with ReLU.</summary>
public sealed class TinyNet : FrameNetwork
{
    /// <summary>Frames need this many pixels in width and height.</summary>
    public const int LeastSide = 8;

    private readonly Conv2d conv1;
    private readonly Conv2d conv2;
    private readonly Conv2d conv3;
    private readonly MaxPool2d pool;
    private readonly Linear features;

    /// <param name="size">The frames' size; both sides at least <see cref="LeastSide"/> pixels.</param>
    /// <param name="featureCount">Features per frame, D.</param>
    public TinyNet(Data.FrameSize size, int featureCount) : base(nameof(TinyNet), featureCount)
    {
        conv1 = nn.Conv2d(size.Channels, 8, 3, padding: 1);
        conv2 = nn.Conv2d(8, 16, 3, padding: 1);
        conv3 = nn.Conv2d(16, 32, 3, padding: 1);
        pool = nn.MaxPool2d(2);
        features = nn.Linear(32L * (size.Width / 8) * (size.Height / 8), featureCount);
        RegisterComponents();
    }

    protected override Tensor Features(Tensor x)
    {
        x = pool.call(conv1.call(x).relu());
        x = pool.call(conv2.call(x).relu());
        x = pool.call(conv3.call(x).relu());
        return features.call(x.flatten(1)).relu();
    }
}
