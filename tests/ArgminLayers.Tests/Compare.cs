using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests;

/// <summary>Comparisons whose messages show both sides.</summary>
internal static class Compare
{
    public static void Close(Tensor actual, double[] expected, double tolerance)
        => Close(actual, tensor(expected).reshape(actual.shape), tolerance);

    /// <summary>Largest difference, relative to the largest expected value where that is above 1.</summary>
    public static void Close(Tensor actual, Tensor expected, double tolerance)
    {
        using var scope = NewDisposeScope();
        actual.shape.ShouldBe(expected.shape);
        var difference = RelativeError(actual, expected);
        difference.ShouldBeLessThanOrEqualTo(tolerance, $"actual {Text(actual)}, expected {Text(expected)}");
    }

    public static double RelativeError(Tensor actual, Tensor expected)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (actual.detach().to(float64).cpu(), expected.detach().to(float64).cpu());
        return x.sub(y).abs().max().item<double>() / Math.Max(1, y.abs().max().item<double>());
    }

    private static string Text(Tensor tensor) => string.Join(", ", tensor.detach().to(float64).cpu().flatten().contiguous().data<double>().ToArray().Take(20));
}
