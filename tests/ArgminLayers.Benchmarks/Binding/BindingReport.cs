using System.Globalization;
using TorchSharp;

namespace ArgminLayers.Benchmarks.Binding;

/// <summary>One table: here, in Python, and the bars that SystemLibtorch has to keep.</summary>
internal static class BindingReport
{
    private static readonly Dictionary<string, double> MostTimesPython = new()
    {
        [BindingBenchmark.Add] = 1.1,
        [BindingBenchmark.MatrixProduct] = 1.1,
        [BindingBenchmark.Function] = 1.0,
    };

    private static readonly Dictionary<string, double> MostNanoseconds = new()
    {
        [BindingBenchmark.Shape] = 50,
        [BindingBenchmark.Item] = 200,
    };

    internal static void Print(IReadOnlyDictionary<string, double> here, (string? Version, IReadOnlyDictionary<string, double> Nanoseconds) python)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"libtorch {torch.__version__} through {typeof(torch).Assembly.GetName().Name}, one thread; Python: {python.Version ?? "no torch found"}"));
        Console.WriteLine($"{"",-38}{"here, ns",12}{"Python, ns",12}{"ratio",8}  bar");
        foreach (var (name, time) in here)
        {
            bool compared = python.Nanoseconds.TryGetValue(name, out double other);
            string ratio = compared ? Format(time / other, "0.00") : "–";
            Console.WriteLine($"{name,-38}{Format(time, "0"),12}{(compared ? Format(other, "0") : "–"),12}{ratio,8}  {Verdict(name, time, compared ? time / other : null)}");
        }
        Console.WriteLine($"reading a shape allocates {Format(BindingBenchmark.ShapeAllocation(), "0.#")} bytes");
    }

    // The bars are SystemLibtorch's; TorchSharp promises none.
    private static string Verdict(string name, double time, double? ratio)
    {
        if (typeof(torch).Assembly.GetName().Name == "TorchSharp")
            return "";
        if (MostNanoseconds.TryGetValue(name, out double limit))
            return $"≤ {Format(limit, "0")} ns: {(time <= limit ? "met" : "missed")}";
        if (MostTimesPython.TryGetValue(name, out double times))
            return $"≤ {Format(times, "0.0")} × Python: {(ratio is null ? "not compared" : ratio <= times ? "met" : "missed")}";
        return "";
    }

    private static string Format(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
