using ArgminLayers.Generator.Tests.Harness;
using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Generator.Tests;

/// <summary>Inputs that a caller may leave out.</summary>
public class OptionalInputTests
{
    private const string Source = Sources.Usings + """
        namespace Optional;

        /// <summary>Objectives.</summary>
        public static class Objectives
        {
            /// <summary>Weighted mean, pulled towards a centre.</summary>
            [ArgminLayer]
            public static Tensor Mean(
                [Argmin, Shape("D")] Tensor y, [Shape("T", "D")] Tensor x,
                [Shape("T"), NonNegative, Default(1)] Tensor? weight, [Shape, Positive, Default(0.5)] Tensor? pull) =>
                (weight! * (y - x).square().sum(dim: 1)).sum() + pull! * y.square().sum();
        }
        """;

    [Fact]
    public void A_shorter_call_stands_for_the_values_of_the_defaults()
    {
        using var scope = NewDisposeScope();
        var layer = new Layer(Compiler.Load(Source), "Mean");
        using var instance = (IDisposable)Activator.CreateInstance(layer.Type, [null])!;
        var x = tensor(new[,,] { { { 1.0, 2 }, { 3, 5 } }, { { 0, 0 }, { 4, 2 } } }, requires_grad: true);
        var weight = tensor([1.0, 3]);
        Tensor Call(params object[] arguments) => (Tensor)layer.Type.GetMethod("call", [.. arguments.Select(_ => typeof(Tensor))])!.Invoke(instance, arguments)!;

        // y = Σ w x / (Σ w + pull): with weights 1 and pull ½ a sum over 2.5, with weights (1, 3) over 4.5.
        Close(Call(x), [4 / 2.5, 7 / 2.5, 4 / 2.5, 2 / 2.5]);
        Close(Call(x, weight), [10 / 4.5, 17 / 4.5, 12 / 4.5, 6 / 4.5]);
        Close(Call(x, weight, tensor(1.0)), [2, 3.4, 2.4, 1.2]);

        Call(x).sum().backward();
        Close(x.grad!, [.. Enumerable.Repeat(0.4, 8)]);

        var solve = layer.Type.GetMethods().Single(method => method.Name == "Solve" && method.GetParameters().Length == 2);
        var result = (ArgminResult)solve.Invoke(instance, [x, null])!;
        result.Converged.ShouldBeTrue();
        Close(result.Solution, [4 / 2.5, 7 / 2.5, 4 / 2.5, 2 / 2.5]);
    }

    [Fact]
    public void A_shorter_call_leaves_nothing_but_its_result()
    {
        using var scope = NewDisposeScope();
        var layer = new Layer(Compiler.Load(Source), "Mean");
        using var instance = (IDisposable)Activator.CreateInstance(layer.Type, [null])!;
        var x = ones([2, 3], dtype: ScalarType.Float32);
        var before = scope.DisposablesCount;
        ((Tensor)layer.Type.GetMethod("call", [typeof(Tensor)])!.Invoke(instance, [x])!).dtype.ShouldBe(ScalarType.Float32);
        scope.DisposablesCount.ShouldBe(before + 1);
    }

    private static void Close(Tensor actual, double[] expected)
    {
        var values = actual.detach().reshape(-1).data<double>().ToArray();
        values.Length.ShouldBe(expected.Length);
        for (var k = 0; k < expected.Length; k++)
        {
            values[k].ShouldBe(expected[k], 1e-12);
        }
    }
}
