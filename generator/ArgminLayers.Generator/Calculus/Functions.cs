using System;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Calculus;

/// <summary>The derivatives of the elementwise functions, in forms without cancellation.</summary>
internal static class Functions
{
    /// <summary>f′(x), as a value with x's axes; relu is not here: its derivative selects.</summary>
    public static int Derivative(Algebra a, Elementwise f, int value)
    {
        var x = f.Operand;
        return f.Function switch
        {
            Function.Abs => a.Apply(Function.Sign, x),
            Function.Sign => a.Zero(f.Axes),

            // √x′ = 1 / (2 √x)
            Function.Sqrt => a.Scale(0.5, a.Apply(Function.Reciprocal, value)),
            Function.Exp => value,
            Function.Expm1 => a.Apply(Function.Exp, x),
            Function.Log => a.Apply(Function.Reciprocal, x),

            // log1p′ = 1 / (1 + x)
            Function.Log1p => a.Apply(Function.Reciprocal, Plus(a, 1, x)),
            Function.Sin => a.Apply(Function.Cos, x),
            Function.Cos => a.Scale(-1, a.Apply(Function.Sin, x)),

            // tan′ = 1 / cos²
            Function.Tan => Squared(a, a.Apply(Function.Reciprocal, a.Apply(Function.Cos, x))),

            // atan′ = 1 / (1 + x²)
            Function.Atan => a.Apply(Function.Reciprocal, Plus(a, 1, Squared(a, x))),
            Function.Sinh => a.Apply(Function.Cosh, x),
            Function.Cosh => a.Apply(Function.Sinh, x),

            // tanh′ = 1 / cosh²
            Function.Tanh => Squared(a, a.Apply(Function.Reciprocal, a.Apply(Function.Cosh, x))),

            // σ′(x) = σ(x) σ(−x)
            Function.Sigmoid => a.Times(value, a.Apply(Function.Sigmoid, a.Scale(-1, x))),
            Function.Softplus => a.Apply(Function.Sigmoid, x),

            // erf′ = 2/√π · exp(−x²)
            Function.Erf => a.Scale(2 / Math.Sqrt(Math.PI), a.Apply(Function.Exp, a.Scale(-1, Squared(a, x)))),

            // (1/x)′ = −(1/x)²
            Function.Reciprocal => a.Scale(-1, Squared(a, value)),

            // (xᵖ)′ = p xᵖ⁻¹
            Function.Power => a.Scale(f.Exponent, a.Apply(Function.Power, x, f.Exponent - 1)),
            _ => throw new InvalidOperationException($"{f.Function} has a rule of its own."),
        };
    }

    /// <summary>Where the left operand is the extreme one, ties included.</summary>
    public static int IsLeft(Algebra a, Extremum extremum) => a.Compare(
        extremum.IsMaximum ? Comparison.GreaterOrEqual : Comparison.LessOrEqual,
        a.Sum(extremum.Axes, new[] { new Term(1, extremum.Left.Value, extremum.Left.Labels), new Term(-1, extremum.Right.Value, extremum.Right.Labels) }));

    /// <summary>∂xᵖ/∂x = p xᵖ⁻¹.</summary>
    public static int SlopeOfBase(Algebra a, VariablePower power)
    {
        var reduced = a.Power(power.Axes, power.Base, power.Exponent with { Value = Plus(a, -1, power.Exponent.Value) });
        return a.Contract(1, new[] { power.Exponent, a.Own(reduced) }, a.OwnLabels(reduced));
    }

    /// <summary>∂xᵖ/∂p = xᵖ log x, and 0 at x = 0.</summary>
    public static int SlopeOfExponent(Algebra a, VariablePower power, int value)
    {
        var slope = a.Contract(1, new[] { a.Own(value), power.Base with { Value = a.Apply(Function.Log, power.Base.Value) } }, a.OwnLabels(value));
        return a[power.Base.Value].IsHost
            ? slope
            : a.Select(power.Axes, power.Base with { Value = a.Compare(Comparison.NotEqual, power.Base.Value) }, a.Own(slope), new Factor(a.Constant(0), default));
    }

    /// <summary>The function of a number; NaN where there is none.</summary>
    public static double Evaluate(Function function, double x, double exponent) => function switch
    {
        Function.Abs => Math.Abs(x),
        Function.Sign => Math.Sign(x),
        Function.Relu => Math.Max(x, 0),
        Function.Sqrt => Math.Sqrt(x),
        Function.Exp => Math.Exp(x),
        Function.Log => Math.Log(x),
        Function.Sin => Math.Sin(x),
        Function.Cos => Math.Cos(x),
        Function.Tan => Math.Tan(x),
        Function.Atan => Math.Atan(x),
        Function.Sinh => Math.Sinh(x),
        Function.Cosh => Math.Cosh(x),
        Function.Tanh => Math.Tanh(x),
        Function.Reciprocal => 1 / x,
        Function.Power => Math.Pow(x, exponent),
        _ => double.NaN,
    };

    private static int Squared(Algebra a, int x) => a.Times(x, x);

    private static int Plus(Algebra a, double number, int x) => a.Sum(
        a[x].Axes, new[] { new Term(number, a.Constant(1), default), new Term(1, x, a.OwnLabels(x)) });
}
