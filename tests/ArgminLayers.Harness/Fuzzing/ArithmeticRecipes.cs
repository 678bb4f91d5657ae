using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Arithmetic with broadcasting, of tensors and of tensors with numbers.</summary>
internal static class ArithmeticRecipes
{
    private const double PoleMargin = 0.1;

    public static readonly IReadOnlyList<Recipe> All =
    [
        Pair("+ TT", "{0} + {1}", (a, b) => a + b, Larger, 3),
        Pair("- TT", "{0} - {1}", (a, b) => a - b, Unknown, 3),
        Pair("* TT", "{0} * {1}", (a, b) => a * b, Smaller, 4),
        Pair("/ TT", "{0} / {1}", (a, b) => a / b, Smaller, 2),
        Pair("add/TT", "add", (a, b) => a + b, Larger),
        Pair("sub/TT", "sub", (a, b) => a - b, Unknown),
        Pair("subtract/TT", "subtract", (a, b) => a - b, Unknown),
        Pair("mul/TT", "mul", (a, b) => a * b, Smaller),
        Pair("multiply/TT", "multiply", (a, b) => a * b, Smaller),
        Pair("div/TT", "div", (a, b) => a / b, Smaller),
        Pair("divide/TT", "divide", (a, b) => a / b, Smaller),
        Number("+ TN", "{0} + N", (x, c) => x + c, true),
        Number("+ NT", "N + {0}", (x, c) => x + c, true),
        Number("- TN", "{0} - N", (x, c) => x - c, false),
        Number("- NT", "N - {0}", (x, c) => c - x, false),
        Number("* TN", "{0} * N", (x, c) => x * c, true),
        Number("* NT", "N * {0}", (x, c) => x * c, true),
        Number("/ TN", "{0} / N", (x, c) => x / c, true),
        Number("/ NT", "N / {0}", (x, c) => c / x, true, divides: true),
        Number("add/TN", "add", (x, c) => x + c, true),
        Number("sub/TN", "sub", (x, c) => x - c, false),
        Number("mul/TN", "mul", (x, c) => x * c, true),
        Number("div/TN", "div", (x, c) => x / c, true),
        Number("subtract/TN", "subtract", (x, c) => x - c, false),
        Number("multiply/TN", "multiply", (x, c) => x * c, true),
        Number("divide/TN", "divide", (x, c) => x / c, true),
        new(["a call of an own method"], Blend),
    ];

    /// <summary>Whether two shapes broadcast.</summary>
    public static bool Broadcast(long[] left, long[] right)
    {
        for (var back = 1; back <= Math.Min(left.Length, right.Length); back++)
        {
            if (left[^back] != right[^back] && left[^back] != 1 && right[^back] != 1)
            {
                return false;
            }
        }

        return true;
    }

    private static Sign Larger(Sign left, Sign right) => left == Sign.Any || right == Sign.Any ? Sign.Any : left > right ? left : right;

    private static Sign Smaller(Sign left, Sign right) => left < right ? left : right;

    private static Sign Unknown(Sign left, Sign right) => Sign.Any;

    private static Recipe Pair(string operation, string format, Func<Tensor, Tensor, Tensor> function, Func<Sign, Sign, Sign> sign, double weight = 1)
    {
        var divides = operation.StartsWith('/') || operation.StartsWith("div", StringComparison.Ordinal);
        return new Recipe(
            [operation],
            s => s.PickPair((a, b) => Broadcast(s.Shape(a), s.Shape(b)) && (!divides || s.SignOf(b) == Sign.Positive)) is var (a, b)
                ? new Step(format.Contains('{', StringComparison.Ordinal) ? format : s.Spell(format, "{1}"), [a, b], (v, _) => function(v[0], v[1]))
                {
                    Operations = [operation],
                    Sign = sign(s.SignOf(a), s.SignOf(b)),
                    Distance = divides ? (v, _) => v[1] - PoleMargin : null,
                }
                : null,
            weight);
    }

    private static Recipe Number(string operation, string format, Func<Tensor, double, Tensor> function, bool keepsSign, bool divides = false) => new(
        [operation],
        s =>
        {
            if (s.Pick(divides ? Sign.Positive : Sign.Any) is not { } x)
            {
                return null;
            }

            var number = s.Number();
            var text = format.Contains('{', StringComparison.Ordinal) ? format.Replace("N", number.Text, StringComparison.Ordinal) : s.Spell(format, number.Text);
            return new Step(text, [x], (v, at) => function(v[0], number.Value(at)))
            {
                Operations = [operation, .. number.Operations],
                Sign = keepsSign && number.IsPositive ? IsSum(operation) && s.SignOf(x) > Sign.Any ? Sign.Positive : s.SignOf(x) : Sign.Any,
                Distance = divides ? (v, _) => v[0] - PoleMargin : null,
            };
        });

    private static bool IsSum(string operation) => operation.StartsWith('+') || operation.StartsWith("add", StringComparison.Ordinal);

    private static Step? Blend(Sampler s)
    {
        if (s.PickPair((a, b) => Broadcast(s.Shape(a), s.Shape(b))) is not var (a, b))
        {
            return null;
        }

        var share = s.Number();
        return new Step($"Blend({{0}}, {{1}}, {share.Text})", [a, b], (v, at) => (v[0] * share.Value(at)) + (v[1] * (1 - share.Value(at))))
        {
            Operations = ["a call of an own method", .. share.Operations],
        };
    }
}
