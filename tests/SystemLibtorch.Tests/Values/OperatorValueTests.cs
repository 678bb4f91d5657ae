using System.Globalization;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>Results and gradients against those of PyTorch (values.json, written by make_values.py).</summary>
public sealed class OperatorValueTests
{
    private const double Tolerance = 1e-11;

    private static readonly Lazy<JsonElement> Values = new(() =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Values", "values.json"))).RootElement);

    public static TheoryData<string> Names() => [.. Values.Value.EnumerateObject().Select(c => c.Name)];

    [Fact]
    public void EveryCaseHasValues() => OperatorCases.All.Keys.ShouldBe(Values.Value.EnumerateObject().Select(c => c.Name), ignoreOrder: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void AgreesWithPyTorch(string name)
    {
        using var scope = NewDisposeScope();
        var expected = Values.Value.GetProperty(name);
        bool differentiable = expected.TryGetProperty("gradients", out var gradients);
        var inputs = expected.GetProperty("inputs").EnumerateArray().Select(i => Read(i).requires_grad_(differentiable)).ToArray();

        var results = OperatorCases.All[name](inputs);

        var wanted = expected.GetProperty("results").EnumerateArray().ToArray();
        results.Length.ShouldBe(wanted.Length);
        for (int i = 0; i < wanted.Length; i++)
            ShouldAgree(results[i], wanted[i], $"result {i}");
        if (!differentiable)
            return;

        var weights = arange(1, results[0].numel() + 1, dtype: float64).reshape(results[0].shape);
        (weights * results[0]).sum().backward();
        int position = 0;
        foreach (var gradient in gradients.EnumerateArray())
        {
            var actual = inputs[position].grad;
            if (gradient.ValueKind == JsonValueKind.Null)
                (actual is null || actual.count_nonzero().item<long>() == 0).ShouldBeTrue();
            else
                ShouldAgree(actual!, gradient, $"gradient {position}");
            position++;
        }
    }

    private static void ShouldAgree(Tensor actual, JsonElement expected, string what)
    {
        actual.shape.ShouldBe(expected.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64()), what);
        var numbers = actual.detach().to(float64).contiguous().data<double>().ToArray();
        var wanted = expected.GetProperty("data").EnumerateArray().Select(Number).ToArray();
        for (int i = 0; i < wanted.Length; i++)
        {
            bool same = numbers[i].Equals(wanted[i]) || Math.Abs(numbers[i] - wanted[i]) <= Tolerance * (1 + Math.Abs(wanted[i]));
            same.ShouldBeTrue($"{what}, element {i}: {numbers[i]} instead of {wanted[i]}");
        }
    }

    private static Tensor Read(JsonElement element) =>
        tensor(element.GetProperty("data").EnumerateArray().Select(Number).ToArray(), [.. element.GetProperty("shape").EnumerateArray().Select(n => n.GetInt64())]);

    private static double Number(JsonElement element) => element.ValueKind == JsonValueKind.Number ? element.GetDouble() : element.GetString() switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        var text => double.Parse(text!, CultureInfo.InvariantCulture),
    };
}
