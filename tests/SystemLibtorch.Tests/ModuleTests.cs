using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>Modules of every arity, their modes, types and children, and the networks that they are for.</summary>
public sealed class ModuleTests
{
    private sealed class Sum1() : nn.Module<Tensor, Tensor>(nameof(Sum1))
    {
        public override Tensor forward(Tensor a) => a + 1.0;
    }

    private sealed class Sum2() : nn.Module<Tensor, Tensor, Tensor>(nameof(Sum2))
    {
        public override Tensor forward(Tensor a, Tensor b) => a + b;
    }

    private sealed class Sum3() : nn.Module<Tensor, Tensor, Tensor, Tensor>(nameof(Sum3))
    {
        public override Tensor forward(Tensor a, Tensor b, Tensor c) => a + b + c;
    }

    private sealed class Sum4() : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor>(nameof(Sum4))
    {
        public override Tensor forward(Tensor a, Tensor b, Tensor c, Tensor d) => a + b + c + d;
    }

    private sealed class Sum5() : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor>(nameof(Sum5))
    {
        public override Tensor forward(Tensor a, Tensor b, Tensor c, Tensor d, Tensor e) => a + b + c + d + e;
    }

    private sealed class Sum6() : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, (Tensor, int)>(nameof(Sum6))
    {
        public override (Tensor, int) forward(Tensor a, Tensor b, Tensor c, Tensor d, Tensor e, Tensor f) => (a + b + c + d + e + f, 6);
    }

    [Fact]
    public void ModulesTakeOneToSixInputs()
    {
        using var scope = NewDisposeScope();
        Tensor a = tensor(1.0), b = tensor(10.0), c = tensor(100.0), d = tensor(1e3), e = tensor(1e4), f = tensor(1e5);
        new Sum1().call(a).item<double>().ShouldBe(2);
        new Sum2().call(a, b).item<double>().ShouldBe(11);
        new Sum3().call(a, b, c).item<double>().ShouldBe(111);
        new Sum4().call(a, b, c, d).item<double>().ShouldBe(1111);
        new Sum5().call(a, b, c, d, e).item<double>().ShouldBe(11111);
        var (sum, count) = new Sum6().call(a, b, c, d, e, f);
        sum.item<double>().ShouldBe(111111);
        count.ShouldBe(6);
    }

    [Fact]
    public void TrainingAndEvaluationDiffer()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var net = nn.Sequential(("norm", nn.BatchNorm1d(2)), ("drop", nn.Dropout(0.5)));
        net.training.ShouldBeTrue();
        var x = tensor(new float[,] { { 1, 10 }, { 3, 30 } });
        net.call(x);
        // Running means: 0.9 · 0 + 0.1 · the batch's mean.
        var mean = net.named_buffers().Single(n => n.name == "norm.running_mean").buffer;
        mean.allclose(tensor(new[] { 0.2f, 2f })).ShouldBeTrue();
        net.eval();
        net.modules().ShouldAllBe(m => !m.training);
        var first = net.call(x);
        net.call(x).Equals(first).ShouldBeTrue();
        mean.allclose(tensor(new[] { 0.2f, 2f })).ShouldBeTrue();
        net.train();
        net.training.ShouldBeTrue();
        (net.call(ones(64, 2)) == 0).any().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void TypesAndGradientsChangeForAllParameters()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2));
        net.to(float64);
        net.parameters().ShouldAllBe(p => p.dtype == float64 && p.requires_grad);
        net.named_buffers().Where(b => b.name.Contains("running")).ShouldAllBe(b => b.buffer.dtype == float64);
        net.call(ones(4, 3, dtype: float64)).dtype.ShouldBe(float64);
        foreach (var parameter in net.parameters())
            parameter.requires_grad = false;
        net.call(ones(4, 3, dtype: float64)).requires_grad.ShouldBeFalse();
    }

    [Fact]
    public void ChildrenAreFoundAndVisited()
    {
        using var net = nn.Sequential(("a", nn.Linear(1, 1)), ("b", nn.Sequential(("c", nn.ReLU()))));
        net.named_children().Select(c => c.name).ShouldBe(["a", "b"]);
        net.named_modules().Select(c => c.name).ShouldBe(["a", "b", "b.c"], ignoreOrder: true);
        int visited = 0;
        net.apply(_ => visited++);
        visited.ShouldBe(4);
        net.has_parameter("a.weight").ShouldBeTrue();
        net.get_parameter("a.nothing").ShouldBeNull();
    }

    /// <summary>One block of ResNet-18 (He et al. 2016).</summary>
    private sealed class Residual : nn.Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1, conv2;
        private readonly BatchNorm2d bn1, bn2;
        private readonly Sequential? downsample;

        public Residual(long input, long output, long stride) : base(nameof(Residual))
        {
            conv1 = nn.Conv2d(input, output, 3, stride: stride, padding: 1, bias: false);
            bn1 = nn.BatchNorm2d(output);
            conv2 = nn.Conv2d(output, output, 3, padding: 1, bias: false);
            bn2 = nn.BatchNorm2d(output);
            if (stride != 1)
                downsample = nn.Sequential(nn.Conv2d(input, output, 1, stride: stride, bias: false), nn.BatchNorm2d(output));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var inner = bn2.call(conv2.call(nn.functional.relu(bn1.call(conv1.call(input)))));
            return nn.functional.relu(inner + (downsample is null ? input : downsample.call(input)));
        }
    }

    [Fact]
    public void ResNet18HasItsParametersAndLearns()
    {
        using var scope = NewDisposeScope();
        var layers = new List<nn.Module<Tensor, Tensor>> { nn.Conv2d(3, 64, 7, stride: 2, padding: 3, bias: false), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, stride: 2, padding: 1) };
        foreach (var (input, output, stride) in new[] { (64, 64, 1), (64, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1), (256, 512, 2), (512, 512, 1) })
            layers.Add(new Residual(input, output, stride));
        layers.AddRange([nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 1000)]);
        using var net = nn.Sequential(layers);
        net.parameters().Sum(p => p.numel()).ShouldBe(11_689_512); // torchvision's resnet18
        ShouldLearn(net, randn(2, 3, 64, 64));
    }

    [Fact]
    public void AlexNetHasItsParametersAndLearns()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Sequential(
            nn.Conv2d(3, 64, 11, stride: 4, padding: 2), nn.ReLU(), nn.MaxPool2d(3, stride: 2),
            nn.Conv2d(64, 192, 5, padding: 2), nn.ReLU(), nn.MaxPool2d(3, stride: 2),
            nn.Conv2d(192, 384, 3, padding: 1), nn.ReLU(), nn.Conv2d(384, 256, 3, padding: 1), nn.ReLU(),
            nn.Conv2d(256, 256, 3, padding: 1), nn.ReLU(), nn.MaxPool2d(3, stride: 2),
            nn.AdaptiveAvgPool2d(6), nn.Flatten(),
            nn.Dropout(), nn.Linear(256 * 36, 4096), nn.ReLU(), nn.Dropout(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, 1000));
        net.parameters().Sum(p => p.numel()).ShouldBe(61_100_840); // torchvision's alexnet
        net.eval();
        ShouldLearn(net, randn(1, 3, 96, 96));
    }

    // One small step against the gradient lowers the loss.
    private static void ShouldLearn(Sequential net, Tensor images)
    {
        var labels = zeros(images.shape[0], dtype: int64);
        using var loss = nn.CrossEntropyLoss();
        using var optimizer = optim.SGD(net.parameters(), 1e-3);
        var before = loss.call(net.call(images), labels);
        before.backward();
        net.parameters().ShouldAllBe(p => p.grad!.isfinite().all().item<bool>());
        optimizer.step();
        using var quiet = no_grad();
        loss.call(net.call(images), labels).item<float>().ShouldBeLessThan(before.item<float>());
    }
}
