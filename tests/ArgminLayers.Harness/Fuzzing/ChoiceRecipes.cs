using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Comparisons, conditions, selections, and the larger or smaller of two values. Conditions are on given values: on the variable they make a jump.</summary>
internal static class ChoiceRecipes
{
    private static readonly (string[] Names, string Operator, Func<Tensor, Tensor, Tensor> Value)[] Comparisons =
    [
        (["gt", "greater"], ">", (a, b) => a.gt(b)),
        (["ge", "greater_equal"], ">=", (a, b) => a.ge(b)),
        (["lt", "less"], "<", (a, b) => a.lt(b)),
        (["le", "less_equal"], "<=", (a, b) => a.le(b)),
        (["eq"], "==", (a, b) => a.eq(b)),
        (["ne", "not_equal"], "!=", (a, b) => a.ne(b)),
    ];

    private static readonly (string Operation, string Format, Func<Tensor, Tensor> Value)[] Combinations =
    [
        ("logical_and/MM", "({2} > -0.5).logical_and({2} < 0.6)", c => c.gt(-0.5).logical_and(c.lt(0.6))),
        ("logical_or/MM", "logical_or({2} < -0.5, {2} > 0.6)", c => c.lt(-0.5).logical_or(c.gt(0.6))),
        ("logical_not/M", "({2} > 0.6).logical_not()", c => c.gt(0.6).logical_not()),
        ("&", "({2} > -0.5) & ({2} < 0.6)", c => c.gt(-0.5).logical_and(c.lt(0.6))),
        ("|", "({2} < -0.5) | ({2} > 0.6)", c => c.lt(-0.5).logical_or(c.gt(0.6))),
        ("~", "~({2} >= 0.6)", c => c.ge(0.6).logical_not()),
    ];

    public static readonly IReadOnlyList<Recipe> All =
    [
        .. Comparisons.SelectMany(comparison => comparison.Names.SelectMany(name => new[]
        {
            Where($"{name}/TN", $"{{2}}.{name}(0.1)", c => comparison.Value(c, tensor(0.1, dtype: c.dtype)), c => (c - 0.1).abs()),
            Where($"{name}/TT", $"torch.{name}({{2}}, 0.5 * {{2}}.square())", c => comparison.Value(c, 0.5 * c.square()), c => (c - (0.5 * c.square())).abs()),
        }).Append(Where(comparison.Operator, $"{{2}} {comparison.Operator} 0.2", c => comparison.Value(c, tensor(0.2, dtype: c.dtype)), c => (c - 0.2).abs()))),
        .. Combinations.Select(one => Where(one.Operation, one.Format, one.Value, c => minimum((c + 0.5).abs(), (c - 0.6).abs()))),
        new(["this.where/TMT"], s => Selected(s, "{0}.where({2} > 0, {1})", ["this.where/TMT", ">"], c => c.gt(0), c => c.abs())),
        .. new[] { "maximum", "max" }.Select(name => Larger(name, true)),
        .. new[] { "minimum", "min" }.Select(name => Larger(name, false)),
        .. new[] { "clamp/TNN", "clip/TNN", "clamp/TTT", "clamp_min/TN", "clamp_max/TN" }.Select(operation => new Recipe([operation], s => Clamp(s, operation))),
    ];

    private static Recipe Where(string operation, string condition, Func<Tensor, Tensor> holds, Func<Tensor, Tensor> distance) =>
        new([operation, "where/MTT"], s => Selected(s, $"where({condition}, {{0}}, {{1}})", [operation, "where/MTT"], holds, distance), 0.3);

    private static Step? Selected(Sampler s, string format, string[] operations, Func<Tensor, Tensor> holds, Func<Tensor, Tensor> distance)
    {
        if (s.PickPair((a, b) => ArithmeticRecipes.Broadcast(s.Shape(a), s.Shape(b))) is not var (a, b)
            || s.Pick(c => !s.DependsOnVariable(c) && ArithmeticRecipes.Broadcast(s.Shape(a), s.Shape(c)) && ArithmeticRecipes.Broadcast(s.Shape(b), s.Shape(c))) is not { } condition)
        {
            return null;
        }

        return new Step(format, [a, b, condition], (v, _) => where(holds(v[2]), v[0], v[1]))
        {
            Operations = operations,
            Sign = s.SignOf(a) < s.SignOf(b) ? s.SignOf(a) : s.SignOf(b),
            Distance = (v, _) => distance(v[2]),
        };
    }

    /// <summary>The larger or smaller of two values, squared where the variable makes a kink of it.</summary>
    private static Recipe Larger(string name, bool isMaximum) => new([$"{name}/TT"], s =>
    {
        if (s.PickPair((a, b) => ArithmeticRecipes.Broadcast(s.Shape(a), s.Shape(b))) is not var (a, b))
        {
            return null;
        }

        Tensor Value(Tensor left, Tensor right) => isMaximum ? maximum(left, right) : minimum(left, right);
        var moves = s.DependsOnVariable(a) || s.DependsOnVariable(b);
        return new Step(moves ? $"({{0}} - {{1}}).{name}((Tensor)0).square()" : s.Spell(name, "{1}"), [a, b], (v, _) => moves ? Value(v[0] - v[1], zeros_like(v[0] - v[1])).square() : Value(v[0], v[1]))
        {
            Operations = moves ? [$"{name}/TT", "square/T"] : [$"{name}/TT"],
            Sign = moves ? Sign.NonNegative : s.SignOf(a) < s.SignOf(b) ? s.SignOf(a) : s.SignOf(b),
            Distance = (v, _) => (v[0] - v[1]).abs(),
        };
    });

    /// <summary>A value within bounds; where the variable is in it, what is beyond 0, squared.</summary>
    private static Step? Clamp(Sampler s, string operation)
    {
        var name = operation.Split('/')[0];
        if (operation == "clamp/TTT")
        {
            return s.Pick(k => !s.DependsOnVariable(k)) is { } x && s.Pick(b => s.SignOf(b) == Sign.Positive && !s.DependsOnVariable(b) && ArithmeticRecipes.Broadcast(s.Shape(x), s.Shape(b))) is { } bound
                ? new Step("{0}.clamp(min: -{1}, max: {1})", [x, bound], (v, _) => minimum(maximum(v[0], -v[1]), v[1])) { Operations = [operation], Distance = (v, _) => (v[0].abs() - v[1]).abs() }
                : null;
        }

        if (s.Pick() is not { } value)
        {
            return null;
        }

        if (s.DependsOnVariable(value))
        {
            var (text, from) = name switch
            {
                "clamp_max" => ("{0}.clamp_max(0).square()", false),
                "clamp_min" => ("{0}.clamp_min(0).square()", true),
                _ => s.Chance(0.5) ? ($"{{0}}.{name}(min: 0).square()", true) : ($"{{0}}.{name}(max: 0).square()", false),
            };
            return new Step(text, [value], (v, _) => (from ? v[0].relu() : -(-v[0]).relu()).square()) { Operations = [operation, "square/T"], Sign = Sign.NonNegative, Distance = (v, _) => v[0].abs() };
        }

        return name switch
        {
            "clamp_min" => new Step(s.Spell(name, "-0.3"), [value], (v, _) => v[0].clamp_min(-0.3)) { Operations = [operation], Distance = Away },
            "clamp_max" => new Step(s.Spell(name, "0.4"), [value], (v, _) => v[0].clamp_max(0.4)) { Operations = [operation], Distance = Away },
            _ => new Step(s.Spell(name, "-0.3", "0.4"), [value], (v, _) => v[0].clamp(-0.3, 0.4)) { Operations = [operation], Distance = Away },
        };
    }

    private static Tensor Away(Tensor[] v, Point point) => minimum((v[0] + 0.3).abs(), (v[0] - 0.4).abs());
}
