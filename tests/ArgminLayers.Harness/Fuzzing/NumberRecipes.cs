namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Arithmetic of the host language on a number parameter; positive for positive parameters.</summary>
internal static class NumberRecipes
{
    private static readonly (string Format, string Operation, Func<double, double> Value)[] All =
    [
        ("({0} * {0} + 1)", "arithmetic on numbers", c => (c * c) + 1),
        ("(2 / {0})", "arithmetic on numbers", c => 2 / c),
        ("Math.Exp(-{0})", "Math.Exp", c => Math.Exp(-c)),
        ("Math.Sqrt({0})", "Math.Sqrt", Math.Sqrt),
        ("Math.Abs({0})", "Math.Abs", Math.Abs),
        ("Math.Log(1 + {0})", "Math.Log", c => Math.Log(1 + c)),
        ("(2 + Math.Sin({0}))", "Math.Sin", c => 2 + Math.Sin(c)),
        ("(2 - Math.Cos({0}))", "Math.Cos", c => 2 - Math.Cos(c)),
        ("(2 + Math.Tan({0} / 2))", "Math.Tan", c => 2 + Math.Tan(c / 2)),
        ("Math.Atan({0})", "Math.Atan", Math.Atan),
        ("Math.Sinh({0})", "Math.Sinh", Math.Sinh),
        ("Math.Cosh({0})", "Math.Cosh", Math.Cosh),
        ("Math.Tanh({0})", "Math.Tanh", Math.Tanh),
        ("Math.Pow({0}, 1.5)", "Math.Pow", c => Math.Pow(c, 1.5)),
        ("Math.Log2(1 + {0})", "Math.Log2", c => Math.Log2(1 + c)),
        ("Math.Log10(1 + {0})", "Math.Log10", c => Math.Log10(1 + c)),
        ("Math.Max({0}, 0.7)", "Math.Max", c => Math.Max(c, 0.7)),
        ("Math.Min({0}, 0.7)", "Math.Min", c => Math.Min(c, 0.7)),
        ("Math.Clamp({0}, 0.4, 0.9)", "Math.Clamp", c => Math.Clamp(c, 0.4, 0.9)),
    ];

    public static IEnumerable<string> Operations => All.Select(one => one.Operation).Distinct();

    public static ((string Text, string[] Operations) Text, Func<Point, double> Value) Pick(Sampler sampler, string name)
    {
        var one = sampler.OneOf(All);
        return ((string.Format(System.Globalization.CultureInfo.InvariantCulture, one.Format, name), [one.Operation]), at => one.Value(at.Number(name)));
    }
}
