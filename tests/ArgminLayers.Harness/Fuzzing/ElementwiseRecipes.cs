using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Functions of each element.</summary>
internal static class ElementwiseRecipes
{
    /// <summary>How far arguments stay from a pole, whose derivatives autograd and generated code both lose digits in.</summary>
    private const double PoleMargin = 0.1;

    public static readonly IReadOnlyList<Recipe> All =
    [
        Function("sqrt", x => x.sqrt(), Sign.Positive, Sign.Positive, FromPole),
        Function("exp", x => x.exp(), Sign.Positive),
        Function("expm1", x => x.expm1()),
        Function("log", x => x.log(), Sign.Any, Sign.Positive, FromPole),
        Function("log1p", x => x.log1p(), Sign.NonNegative, Sign.NonNegative),
        Function("sin", x => x.sin()),
        Function("cos", x => x.cos()),
        Function("tan", x => x.tan(), distance: (v, _) => v[0].cos().abs() - PoleMargin),
        Function("atan", x => x.atan()),
        Function("arctan", x => x.atan()),
        Function("sinh", x => x.sinh()),
        Function("cosh", x => x.cosh(), Sign.Positive),
        Function("tanh", x => x.tanh()),
        Function("sigmoid", x => x.sigmoid(), Sign.Positive),
        Function("expit", x => x.sigmoid(), Sign.Positive),
        Function("rsqrt", x => x.pow(-0.5), Sign.Positive, Sign.Positive, FromPole),
        Function("log2", x => x.log() / Math.Log(2), Sign.Any, Sign.Positive, FromPole),
        Function("log10", x => x.log() / Math.Log(10), Sign.Any, Sign.Positive, FromPole),
        Function("exp2", x => (x * Math.Log(2)).exp(), Sign.Positive),
        Function("silu", x => x * x.sigmoid()),
        Function("logsigmoid", x => -(-x).softplus()),
        Function("log_sigmoid", x => -(-x).softplus()),
        Function("positive", x => x),
        Function("softplus", x => x.softplus(), Sign.Positive),
        Function("erf", x => x.erf()),
        Function("reciprocal", x => x.reciprocal(), Sign.Positive, Sign.Positive, FromPole),
        Function("square", x => x.square(), Sign.NonNegative),
        Function("neg", x => x.neg()),
        Function("negative", x => x.negative()),
        new(["unary -"], s => s.Pick() is { } x ? new Step("-{0}", [x], (v, _) => -v[0]) { Operations = ["unary -"] } : null),
        new(["pow/TN"], Power, 2),
        new(["pow/TT"], s => s.PickPair((a, b) => s.SignOf(a) == Sign.Positive && ArithmeticRecipes.Broadcast(s.Shape(a), s.Shape(b))) is var (a, b)
            ? new Step(s.Spell("pow", "{1}"), [a, b], (v, _) => v[0].pow(v[1])) { Operations = ["pow/TT"], Sign = Sign.Positive, Distance = FromPole }
            : null),
        new(["relu/T"], Relu, 2),
        new(["abs/T"], Abs, 2),
    ];

    private static Tensor FromPole(Tensor[] operands, Point point) => operands[0] - PoleMargin;

    private static Tensor FromZero(Tensor[] operands, Point point) => operands[0].abs();

    private static Recipe Function(string name, Func<Tensor, Tensor> function, Sign sign = Sign.Any, Sign needs = Sign.Any, Evaluation? distance = null)
    {
        string[] operations = [$"{name}/T"];
        return new Recipe(operations, s => s.Pick(needs) is { } x
            ? new Step(s.Spell(name), [x], (v, _) => function(v[0])) { Operations = operations, Sign = sign, Distance = distance }
            : null);
    }

    private static Step? Power(Sampler s)
    {
        if (s.Chance(0.5) && s.Pick(Sign.Positive) is { } positive)
        {
            var p = s.OneOf(0.5, 1.5, -1, -2, -0.5, 2.5, 3);
            return Of(s, positive, p, Sign.Positive, FromPole);
        }

        return s.Pick() is { } x ? Of(s, x, s.OneOf(2.0, 2.0, 3.0, 4.0), Sign.Any, null) : null;
    }

    private static Step Of(Sampler s, int x, double p, Sign sign, Evaluation? distance) =>
        new(s.Spell("pow", FormattableString.Invariant($"{p}")), [x], (v, _) => v[0].pow(p)) { Operations = ["pow/TN"], Sign = p is 2 or 4 && sign == Sign.Any ? Sign.NonNegative : sign, Distance = distance };

    /// <summary>[x]₊ as it is where x is given, in a smoother form where the variable is in it.</summary>
    private static Step? Relu(Sampler s)
    {
        if (s.Pick() is not { } x)
        {
            return null;
        }

        var relu = s.OneOf("{0}.relu()", "nn.functional.relu({0})");
        var (format, value, operations) = s.DependsOnVariable(x)
            ? s.Random.Next(5) switch
            {
                0 => ($"{relu}.pow(3)", v => v[0].relu().pow(3), ["relu/T", "pow/TN"]),
                1 => ($"{relu} * {relu}", v => v[0].relu() * v[0].relu(), ["relu/T", "* TT"]),
                2 => ($"{relu}.pow(2)", v => v[0].relu().pow(2), ["relu/T", "pow/TN"]),
                3 => ("({0}.abs() - 0.4).relu().square()", v => (v[0].abs() - 0.4).relu().square(), ["abs/T", "- TN", "relu/T", "square/T"]),
                _ => ($"{relu}.square()", v => v[0].relu().square(), ["relu/T", "square/T"]),
            }
            : (relu, (Func<Tensor[], Tensor>)(v => v[0].relu()), new[] { "relu/T" });
        return new Step(format, [x], (v, _) => value(v))
        {
            Operations = operations,
            Sign = Sign.NonNegative,
            Distance = operations.Contains("abs/T") ? (v, _) => minimum(v[0].abs(), (v[0].abs() - 0.4).abs()) : FromZero,
        };
    }

    /// <summary>|x| where x is given or has one sign, else a smoother form.</summary>
    private static Step? Abs(Sampler s)
    {
        if (s.Pick() is not { } x)
        {
            return null;
        }

        if (s.DependsOnVariable(x) && s.SignOf(x) == Sign.Any)
        {
            return s.Chance(0.5)
                ? new Step("{0}.abs().square()", [x], (v, _) => v[0].abs().square()) { Operations = ["abs/T", "square/T"], Sign = Sign.NonNegative, Distance = FromZero }
                : new Step("{0} * {0}.abs()", [x], (v, _) => v[0] * v[0].abs()) { Operations = ["abs/T", "* TT"], Distance = FromZero };
        }

        return new Step(s.Spell("abs"), [x], (v, _) => v[0].abs()) { Operations = ["abs/T"], Sign = s.SignOf(x) > Sign.Any ? s.SignOf(x) : Sign.NonNegative, Distance = FromZero };
    }
}
