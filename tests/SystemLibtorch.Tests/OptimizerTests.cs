using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>Optimizers step by step against PyTorch's (optimizers.json, written by make_optimizer_values.py); groups; clipping.</summary>
public sealed class OptimizerTests
{
    private static readonly Lazy<JsonElement> Values = new(() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Values", "optimizers.json"))).RootElement);

    private static readonly Dictionary<string, Func<Parameter[], optim.Optimizer>> Optimizers = new()
    {
        ["sgd"] = p => optim.SGD(p, 0.1),
        ["sgd decay"] = p => optim.SGD(p, 0.1, weight_decay: 0.2),
        ["sgd momentum"] = p => optim.SGD(p, 0.1, momentum: 0.9, dampening: 0.3, weight_decay: 0.2),
        ["sgd nesterov"] = p => optim.SGD(p, 0.1, momentum: 0.9, nesterov: true),
        ["sgd maximize"] = p => optim.SGD(p, 0.1, momentum: 0.9, maximize: true),
        ["adam"] = p => optim.Adam(p, 0.1),
        ["adam decay amsgrad"] = p => optim.Adam(p, 0.1, 0.8, 0.95, 1e-3, weight_decay: 0.2, amsgrad: true),
        ["adam maximize"] = p => optim.Adam(p, 0.1, maximize: true),
        ["adamw"] = p => optim.AdamW(p, 0.1, weight_decay: 0.2),
        ["adamw amsgrad"] = p => optim.AdamW(p, 0.1, 0.8, 0.95, 1e-3, weight_decay: 0, amsgrad: true),
        ["adamw maximize"] = p => optim.AdamW(p, 0.1, weight_decay: 0.2, maximize: true),
    };

    public static TheoryData<string> Names() => [.. Values.Value.GetProperty("paths").EnumerateObject().Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void StepsLikePyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(tensor(Numbers(Values.Value.GetProperty("start"))));
        using var optimizer = Optimizers[name]([parameter]);
        foreach (var (gradient, position) in Values.Value.GetProperty("gradients").EnumerateArray().Zip(Values.Value.GetProperty("paths").GetProperty(name).EnumerateArray()))
        {
            parameter.grad = tensor(Numbers(gradient));
            optimizer.step();
            double[] expected = Numbers(position);
            double[] actual = [.. parameter.data<double>()];
            for (int i = 0; i < expected.Length; i++)
                actual[i].ShouldBe(expected[i], 1e-12);
        }
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adam")]
    [InlineData("adamw")]
    public void AGroupHasOptionsOfItsOwnAndTakesTheOthersFromTheOptimizer(string kind)
    {
        using var scope = NewDisposeScope();
        Parameter first = new(ones(1, dtype: float64)), second = new(ones(1, dtype: float64));
        using optim.Optimizer optimizer = kind switch
        {
            "sgd" => optim.SGD([new SGD.ParamGroup { Parameters = [first] }, new SGD.ParamGroup([second], new SGD.Options { LearningRate = 0.5 })], 0.25),
            "adam" => optim.Adam([new Adam.ParamGroup { Parameters = [first] }, new Adam.ParamGroup([second], new Adam.Options { LearningRate = 0.5 })], 0.25),
            _ => optim.AdamW([new AdamW.ParamGroup { Parameters = [first] }, new AdamW.ParamGroup([second], new AdamW.Options { LearningRate = 0.5 })], 0.25),
        };
        optimizer.ParamGroups.Select(g => g.LearningRate).ShouldBe([0.25, 0.5]);
        first.grad = ones(1, dtype: float64);
        second.grad = ones(1, dtype: float64);
        optimizer.step();
        // Adam's first step is the learning rate times the gradient's sign, but for ε.
        first.item<double>().ShouldBe(0.75, 1e-7);
        second.item<double>().ShouldBe(0.5, 1e-7);
        optimizer.zero_grad();
        (first.grad is null || first.grad.item<double>() == 0).ShouldBeTrue();
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(ones(1))];
        Should.Throw<ArgumentException>(() => optim.SGD(parameters, -1));
        Should.Throw<ArgumentException>(() => optim.SGD(parameters, 1, momentum: -1));
        Should.Throw<ArgumentException>(() => optim.SGD(parameters, 1, nesterov: true));
        Should.Throw<ArgumentException>(() => optim.Adam(parameters, -1));
        Should.Throw<ArgumentException>(() => optim.Adam(parameters, beta1: 1));
        Should.Throw<ArgumentException>(() => optim.Adam(parameters, beta2: -0.1));
        Should.Throw<ArgumentException>(() => optim.AdamW(parameters, eps: -1));
        Should.Throw<ArgumentException>(() => optim.AdamW(parameters, weight_decay: -1));
    }

    [Fact]
    public void TheClosureIsEvaluatedWithGradients()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(tensor(new[] { 3.0 }));
        using var optimizer = optim.SGD([parameter], 0.5);
        var loss = optimizer.step(() =>
        {
            optimizer.zero_grad();
            var value = parameter.square().sum();
            value.backward();
            return value;
        });
        loss.item<double>().ShouldBe(9);
        parameter.item<double>().ShouldBe(0, 1e-15);
    }

    [Fact]
    public void GradientsAreClippedByNormAndByValue()
    {
        using var scope = NewDisposeScope();
        Parameter first = new(zeros(1, dtype: float64)), second = new(zeros(1, dtype: float64));
        first.grad = tensor(new[] { 3.0 });
        second.grad = tensor(new[] { -4.0 });
        Parameter[] both = [first, second];
        nn.utils.clip_grad_norm_(both, 10).ShouldBe(5, 1e-12);
        first.grad!.item<double>().ShouldBe(3);
        nn.utils.clip_grad_norm_(both, 2.5).ShouldBe(5, 1e-12);
        first.grad!.item<double>().ShouldBe(1.5, 1e-6);
        second.grad!.item<double>().ShouldBe(-2, 1e-6);
        nn.utils.clip_grad_norm_(both, 1, norm_type: 1).ShouldBe(3.5, 1e-6);
        nn.utils.clip_grad_value_(both, 0.5);
        first.grad!.item<double>().ShouldBe(1.5 / 3.5, 1e-6);
        second.grad!.item<double>().ShouldBe(-0.5, 1e-12);
    }

    private static double[] Numbers(JsonElement list) => [.. list.EnumerateArray().Select(n => n.GetDouble())];
}
