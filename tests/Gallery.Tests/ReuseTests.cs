using ArgminLayers.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace Gallery.Tests;

/// <summary>Every example runs, and layers of another assembly are parts of models here.</summary>
public class ReuseTests
{
    public static TheoryData<string> Names => [.. Examples.All.Select(example => example.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_converges_and_passes_its_check(string name)
    {
        using var scope = NewDisposeScope();
        var (result, check) = Examples.All.Single(example => example.Name == name).Run();
        result.Converged.ShouldBeTrue(result.Problems[0].Status.ToString());
        check.Passed.ShouldBeTrue(check.ToString());
    }

    [Fact]
    public void Every_objective_has_an_example()
    {
        var layers = typeof(Example).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(nn.Module))).Select(type => type.Name).Order();
        Examples.All.Select(example => example.Info.Name + "Layer").Order().ShouldBe(layers);
    }

    [Fact]
    public void One_layer_serves_two_models()
    {
        using var scope = NewDisposeScope();
        using var pool = new WeightedMeanLayer();
        using var first = new Pooled("first", pool, 3);
        using var second = new Pooled("second", pool, 4);
        foreach (var model in new[] { first, second })
        {
            var x = randn(5, model.Inputs, dtype: ScalarType.Float64, requires_grad: true);
            model.call(x).backward();

            // The mean of x w over the five rows, summed: every row has a fifth of the column sums of w.
            (x.grad! - model.Weight.sum(1).detach().expand(5, model.Inputs) / 5).abs().max().ToDouble().ShouldBeLessThan(1e-12);
        }
    }

    private sealed class Pooled : nn.Module<Tensor, Tensor>
    {
        private readonly WeightedMeanLayer pool;

        public Pooled(string name, WeightedMeanLayer pool, long inputs)
            : base(name)
        {
            this.pool = pool;
            Weight = randn(inputs, 2, dtype: ScalarType.Float64, requires_grad: true);
        }

        public long Inputs => Weight.shape[0];

        public Tensor Weight { get; }

        public override Tensor forward(Tensor x) => pool.call(x.mm(Weight), ones(x.shape[0], dtype: ScalarType.Float64)).sum();
    }
}
