using System.Globalization;
using ArgminLayers.Generator.Tests.Harness;

namespace ArgminLayers.Generator.Tests;

/// <summary>Random polynomials in r, its clamp, absolute values and hinges: called differentiable exactly where the slopes on both sides of every kink are equal.</summary>
public class PieceAgreementTests
{
    private const int Count = 100;

    /// <summary>The parts as text and as functions of r and δ, all of degree two, so that their slopes differ by multiples of δ.</summary>
    private static readonly (string Text, Func<double, double, double> Value)[] Parts =
    [
        ("r * r", (r, _) => r * r),
        ("c * c", (r, d) => Clamp(r, d) * Clamp(r, d)),
        ("r * c", (r, d) => r * Clamp(r, d)),
        ("delta * r.abs()", (r, d) => d * Math.Abs(r)),
        ("delta * c.abs()", (r, d) => d * Math.Abs(Clamp(r, d))),
        ("r * c.abs()", (r, d) => r * Math.Abs(Clamp(r, d))),
        ("c * r.abs()", (r, d) => Clamp(r, d) * Math.Abs(r)),
        ("r.abs() * c.abs()", (r, d) => Math.Abs(r) * Math.Abs(Clamp(r, d))),
        ("delta * (r - delta).relu()", (r, d) => d * Math.Max(r - d, 0)),
        ("delta * (-r - delta).relu()", (r, d) => d * Math.Max(-r - d, 0)),
        ("delta * (r.abs() - delta).relu()", (r, d) => d * Math.Max(Math.Abs(r) - d, 0)),
        ("(r.abs() - delta).relu().square()", (r, d) => Math.Pow(Math.Max(Math.Abs(r) - d, 0), 2)),
        ("delta * where(r > delta, delta, c)", (r, d) => d * Clamp(r, d)),
        ("delta * minimum(r.abs(), ones_like(r) * delta)", (r, d) => d * Math.Min(Math.Abs(r), d)),
        ("where(r.abs() <= delta, r * r, delta * r.abs())", (r, d) => Math.Abs(r) <= d ? r * r : d * Math.Abs(r)),
        ("maximum(r, ones_like(r) * delta).square()", (r, d) => Math.Pow(Math.Max(r, d), 2)),
    ];

    [Theory]
    [InlineData("[Positive] double delta", "", 1)]
    [InlineData("[Shape, Positive] Tensor delta", "", 2)]
    [InlineData("[Positive] double unused", "const double delta = 0.75;", 3)]
    public void A_sum_of_pieces_is_differentiable_exactly_where_their_slopes_agree(string parameter, string constant, int seed)
    {
        var random = new Random(seed);
        var sums = Enumerable.Range(0, Count).Select(_ => Draw(random)).ToList();
        var methods = sums.Select((sum, k) => $$"""
                [ArgminLayer("F{{k}}Layer")]
                public static Tensor F{{k}}([Argmin, Shape("D")] Tensor y, [Shape("D")] Tensor x, {{parameter}})
                {
                    {{constant}}
                    var r = y - x;
                    var c = r.clamp(-delta, delta);
                    return {{Body(sum, random.Next(3), constant.Length > 0)}};
                }
            """);
        var diagnostics = Compiler.Analyze(Sources.Usings + $$"""
            public static class Objectives
            {
            {{string.Join("\n", methods)}}
            }
            """);
        diagnostics.Select(diagnostic => diagnostic.Id).Distinct().ShouldBeSubsetOf(["ARGMIN008", "ARGMIN011", "ARGMIN016", "ARGMIN018", "ARGMIN019"]);
        var rough = diagnostics.Where(diagnostic => diagnostic.Id == "ARGMIN008").Select(diagnostic => diagnostic.Location.GetLineSpan().StartLinePosition.Line).ToList();
        var lines = Sources.Usings.Count(letter => letter == '\n') + 2;
        var isRough = sums.Select((_, k) => rough.Any(line => line >= lines + (8 * k) && line < lines + (8 * (k + 1)))).ToList();
        var wrong = sums.Where((sum, k) => isRough[k] == IsDifferentiable(sum)).Select(sum => Body(sum, 0, false)).ToList();
        wrong.ShouldBeEmpty();
        isRough.Count(one => one).ShouldBeInRange(Count / 10, Count * 9 / 10);
    }

    /// <summary>Some random parts, and mostly those that make up for the jumps of their slopes.</summary>
    private static double[] Draw(Random random)
    {
        var sum = new double[Parts.Length];
        for (var k = random.Next(1, 4); k > 0; k--)
        {
            sum[random.Next(Parts.Length)] += (random.Next(8) - 3.5) / 2;
        }

        if (random.Next(4) > 0)
        {
            // The jumps at −δ, 0 and δ by δ(−r − δ)₊, δ|r| and δ(r − δ)₊.
            var (low, middle, high) = (Jump(sum, 1, -1), Jump(sum, 1, 0), Jump(sum, 1, 1));
            sum[9] -= low;
            sum[3] -= middle / 2;
            sum[8] -= high;
        }

        return sum;
    }

    private static string Body(double[] sum, int form, bool isAlone)
    {
        string Term(double coefficient, string part) => string.Create(CultureInfo.InvariantCulture, $"{coefficient:0.0###} * {part}");
        var terms = sum.Select((coefficient, k) => (coefficient, Parts[k].Text)).Where(term => term.coefficient != 0).ToList();
        var body = form == 0
            ? $"({string.Join(" + ", terms.Select(term => Term(term.coefficient, $"({term.Text})")))}).sum()"
            : string.Join(" + ", terms.Select(term => Term(term.coefficient, $"({term.Text}).sum()")));
        return (form == 2 ? $"({body}).exp() + y.dot(y)" : $"{body} + y.dot(y)") + (isAlone ? " + 0 * unused" : "");
    }

    private static bool IsDifferentiable(double[] sum) =>
        new[] { 0.75, 1.0, 2.5 }.All(delta => new[] { -1, 0, 1 }.All(place => Math.Abs(Jump(sum, delta, place)) < 1e-3));

    /// <summary>By how much the slope in r jumps at a multiple of δ, over δ.</summary>
    private static double Jump(double[] sum, double delta, int place)
    {
        const double Step = 1.0 / (1 << 20);
        double Value(double r) => Parts.Select((part, k) => sum[k] == 0 ? 0 : sum[k] * part.Value(r, delta)).Sum();
        var kink = place * delta;
        var jump = (Value(kink + Step) - (2 * Value(kink)) + Value(kink - Step)) / Step / delta;
        return Math.Round(jump * 16) / 16;
    }

    private static double Clamp(double r, double delta) => Math.Clamp(r, -delta, delta);
}
