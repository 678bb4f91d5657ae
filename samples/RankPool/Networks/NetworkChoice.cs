using RankPool.Data;

namespace RankPool.Networks;

/// <summary>A frame network to train with.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="FrameSide">Pixels in width and height that frames on disk get unless the user says otherwise.</param>
/// <param name="LeastFrameSide">Fewer pixels leave nothing to compute with.</param>
/// <param name="FramesPerChunk">Frames that go through the network at once unless the user says otherwise: a few hundred MiB of intermediate values.</param>
/// <param name="FeatureCount">Features per frame where the network's layout fixes them.</param>
public sealed record NetworkChoice(string Name, int FrameSide, int LeastFrameSide, int FramesPerChunk, int? FeatureCount)
{
    public static NetworkChoice Tiny { get; } = new("tiny", 32, TinyNet.LeastSide, 4096, null);

    public static NetworkChoice CaffeNet { get; } = new("caffenet", 227, AlexNet.LeastCaffeSide, 64, 4096);

    public static NetworkChoice TorchvisionAlexNet { get; } = new("alexnet", 224, AlexNet.LeastTorchvisionSide, 64, 4096);

    public static NetworkChoice TorchvisionResNet18 { get; } = new("resnet18", 224, ResNet18.LeastSide, 32, 512);

    public static IReadOnlyList<NetworkChoice> All { get; } = [Tiny, CaffeNet, TorchvisionAlexNet, TorchvisionResNet18];

    /// <summary>The choice of that name.</summary>
    public static NetworkChoice Of(string name) => All.Single(choice => choice.Name == name);

    /// <summary>The network with first weights drawn from torch's generator.</summary>
    /// <param name="size">The size of frames.</param>
    /// <param name="featureCount">Features per frame for the tiny network.</param>
    /// <exception cref="ArgumentException">The frames are too small, or have no colour where the network wants it.</exception>
    public FrameNetwork Create(FrameSize size, int featureCount)
    {
        if (Math.Min(size.Width, size.Height) < LeastFrameSide)
            throw new ArgumentException($"The network {Name} needs frames of at least {LeastFrameSide} pixels; these are {size}.", nameof(size));
        if (this == Tiny)
            return new TinyNet(size, featureCount);
        if (size.Channels != 3)
            throw new ArgumentException($"The network {Name} needs frames in colour; these have {size.Channels} channel.", nameof(size));
        return this == CaffeNet ? AlexNet.Caffe() : this == TorchvisionAlexNet ? AlexNet.Torchvision() : new ResNet18();
    }
}
