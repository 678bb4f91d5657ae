using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Schedulers = TorchSharp.torch.optim.lr_scheduler;

namespace SystemLibtorch.Tests;

/// <summary>Learning rates against their closed forms, epoch by epoch, for two groups.</summary>
public sealed class SchedulerTests
{
    private static readonly Dictionary<string, (Func<optim.Optimizer, Schedulers.LRScheduler> Create, Func<double, int, double> Rate)> Cases = new()
    {
        ["step"] = (o => Schedulers.StepLR(o, 3, 0.5), (rate, epoch) => rate * Math.Pow(0.5, epoch / 3)),
        ["milestones"] = (o => Schedulers.MultiStepLR(o, [2, 5], 0.1), (rate, epoch) => rate * (epoch < 2 ? 1 : epoch < 5 ? 0.1 : 0.01)),
        ["exponential"] = (o => Schedulers.ExponentialLR(o, 0.9), (rate, epoch) => rate * Math.Pow(0.9, epoch)),
        ["cosine"] = (o => Schedulers.CosineAnnealingLR(o, 8, 0.01), (rate, epoch) => 0.01 + (rate - 0.01) * (1 + Math.Cos(Math.PI * epoch / 8)) / 2),
        ["function"] = (o => Schedulers.LambdaLR(o, epoch => 1.0 / (1 + epoch)), (rate, epoch) => rate / (1 + epoch)),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void RatesFollowTheirClosedForm(string name)
    {
        using var scope = NewDisposeScope();
        Parameter first = new(ones(1)), second = new(ones(1));
        using var optimizer = optim.SGD([new SGD.ParamGroup([first], lr: 0.4), new SGD.ParamGroup([second], lr: 0.1)], 0.4);
        var (create, rate) = Cases[name];
        var schedule = create(optimizer);
        for (int epoch = 0; epoch <= 8; epoch++)
        {
            double[] rates = [.. optimizer.ParamGroups.Select(g => g.LearningRate)];
            rates[0].ShouldBe(rate(0.4, epoch), 1e-12);
            rates[1].ShouldBe(rate(0.1, epoch), 1e-12);
            schedule.get_last_lr().ShouldBe(rates);
            schedule.step();
        }
    }
}
