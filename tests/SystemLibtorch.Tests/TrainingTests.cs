using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>Networks learn: modules, losses, optimizers and schedulers together.</summary>
public sealed class TrainingTests
{
    private sealed class TwoInputs : nn.Module<Tensor, Tensor, Tensor>
    {
        private readonly Linear first = nn.Linear(3, 4);
        private readonly Parameter scale = new(ones(4));
        private readonly Tensor offset = zeros(4);

        public TwoInputs() : base(nameof(TwoInputs)) => RegisterComponents();

        public override Tensor forward(Tensor input1, Tensor input2) => first.call(input1) * scale + offset + input2;
    }

    [Fact]
    public void AModuleRegistersItsFieldsUnderTheirNames()
    {
        using var scope = NewDisposeScope();
        using var module = new TwoInputs();
        module.named_parameters().Select(p => p.name).ShouldBe(["scale", "first.weight", "first.bias"]);
        module.named_buffers().Select(b => b.name).ShouldBe(["offset"]);
        module.state_dict().Keys.ShouldBe(["scale", "first.weight", "first.bias", "offset"]);
        module.call(ones(2, 3), zeros(2, 4)).shape.ShouldBe([2, 4]);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void AConvolutionalNetworkLearns(string optimizer)
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var net = nn.Sequential(
            ("conv", nn.Conv2d(1, 4, 3, padding: 1)),
            ("norm", nn.BatchNorm2d(4)),
            ("relu", nn.ReLU()),
            ("pool", nn.AdaptiveAvgPool2d(1)),
            ("flat", nn.Flatten()),
            ("head", nn.Linear(4, 2)));
        var data = randn(32, 1, 6, 6);
        var labels = (data.mean([1, 2, 3]) > 0).to(int64);
        using optim.Optimizer steps = optimizer switch
        {
            "sgd" => optim.SGD(net.parameters(), 1),
            "momentum" => optim.SGD(net.parameters(), 0.1, momentum: 0.9, nesterov: true, weight_decay: 1e-4),
            "adam" => optim.Adam(net.parameters(), 0.05),
            _ => optim.AdamW(net.parameters(), 0.05),
        };
        var schedule = optim.lr_scheduler.StepLR(steps, 20, 0.5);
        using var loss = nn.CrossEntropyLoss();
        double first = 0, last = 0;
        for (int epoch = 0; epoch < 40; epoch++)
        {
            using var inner = NewDisposeScope();
            steps.zero_grad();
            var value = loss.call(net.call(data), labels);
            value.backward();
            steps.step();
            schedule.step();
            last = value.item<float>();
            if (epoch == 0)
                first = last;
        }
        last.ShouldBeLessThan(first / 2);
        steps.ParamGroups.Single().LearningRate.ShouldBe(steps.ParamGroups.Single().InitialLearningRate / 4, 1e-12);
    }
}
