using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary><c>System.Math</c> on numbers of the host language: their arithmetic stays <c>double</c> in the generated code.</summary>
internal static class NumberFunctions
{
    private static readonly IReadOnlyDictionary<string, Function> Unary = new Dictionary<string, Function>
    {
        [nameof(System.Math.Abs)] = Function.Abs,
        [nameof(System.Math.Sqrt)] = Function.Sqrt,
        [nameof(System.Math.Exp)] = Function.Exp,
        [nameof(System.Math.Log)] = Function.Log,
        [nameof(System.Math.Sin)] = Function.Sin,
        [nameof(System.Math.Cos)] = Function.Cos,
        [nameof(System.Math.Tan)] = Function.Tan,
        [nameof(System.Math.Atan)] = Function.Atan,
        [nameof(System.Math.Sinh)] = Function.Sinh,
        [nameof(System.Math.Cosh)] = Function.Cosh,
        [nameof(System.Math.Tanh)] = Function.Tanh,
    };

    /// <summary>The names of the functions that have a rule.</summary>
    public static IEnumerable<string> Names => Unary.Keys.Concat(new[] { "Log2", "Log10", "Max", "Min", "Pow", "Clamp" });

    /// <summary>The value of a call; null where it was refused.</summary>
    public static int? Lower(BodyLowering body, IInvocationOperation call)
    {
        var values = call.Arguments.OrderBy(argument => argument.Parameter?.Ordinal).Select(argument => body.Numeric(argument.Value)).ToList();
        if (values.Any(value => value is null))
        {
            return null;
        }

        if (!KnownNames.IsNumber(call.Type) || Lower(body, call, values.Select(value => value!.Value).ToList()) is not { } result)
        {
            return body.Refuse(call.Syntax.GetLocation(), $"'Math.{call.TargetMethod.Name}' has no rule here");
        }

        return result;
    }

    private static int? Lower(BodyLowering body, IInvocationOperation call, IReadOnlyList<int> x)
    {
        var (b, shapes, name) = (body.Shapes.Builder, body.Shapes, call.TargetMethod.Name);
        int? Ratio(int logarithm, double @base) => b.Contract(1 / System.Math.Log(@base), new[] { b.Own(logarithm) }, b.OwnLabels(logarithm));
        int? Extreme(bool isMaximum, int left, int right) => shapes.Extremum(call.Syntax, name, isMaximum, left, right);
        return (name, x.Count) switch
        {
            (_, 1) when Unary.TryGetValue(name, out var function) => b.Apply(function, x[0]),
            ("Log2", 1) => Ratio(b.Apply(Function.Log, x[0]), 2),
            ("Log10", 1) => Ratio(b.Apply(Function.Log, x[0]), 10),
            ("Log", 2) => shapes.Divide(call.Syntax, name, b.Apply(Function.Log, x[0]), b.Apply(Function.Log, x[1])),
            ("Pow", 2) => shapes.Power(call.Syntax, name, x[0], x[1]),
            ("Max", 2) => Extreme(true, x[0], x[1]),
            ("Min", 2) => Extreme(false, x[0], x[1]),
            ("Clamp", 3) => Extreme(true, x[0], x[1]) is { } above ? Extreme(false, above, x[2]) : null,
            _ => null,
        };
    }
}
