using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace SystemLibtorch.Tests;

/// <summary>Tensors as text, in all styles, as TorchSharp 0.107.1 wrote them (Files/printed.txt; | ends a line).</summary>
public sealed class PrintingTests
{
    [Fact]
    public void TensorsAreWrittenAsTorchSharpWritesThem()
    {
        using var scope = NewDisposeScope();
        Tensor[] tensors =
        [
            tensor(1.5), tensor(7), tensor(new double[] { 1, -2.25, 3e10 }), arange(12).reshape(3, 4), randn(0),
            arange(24, dtype: float32).reshape(2, 3, 4) / 7, arange(100, dtype: float64), arange(80).reshape(8, 10),
            tensor(new[] { true, false }), arange(3, dtype: int16).reshape(3, 1), ones(1, 2, 1, 2, dtype: float16),
            arange(60, dtype: float64).reshape(2, 30),
        ];
        var culture = CultureInfo.InvariantCulture;
        var written = tensors.SelectMany(t => new[]
        {
            t.ToString(), t.jlstr(cultureInfo: culture, newLine: "|"), t.npstr(cultureInfo: culture, newLine: "|"), t.cstr(cultureInfo: culture, newLine: "|"),
        });
        written.ShouldBe(File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Files", "printed.txt")));
    }
}
