using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Lowering.Operations;

/// <summary>Functions of each element, and arithmetic with broadcasting.</summary>
internal static class ElementwiseOperations
{
    public static IEnumerable<Operation> All => new[]
    {
        Unary("abs", Function.Abs), Unary("relu", Function.Relu), Unary("sqrt", Function.Sqrt), Unary("exp", Function.Exp), Unary("expm1", Function.Expm1),
        Unary("log", Function.Log), Unary("log1p", Function.Log1p), Unary("sin", Function.Sin), Unary("cos", Function.Cos), Unary("tan", Function.Tan),
        Unary("atan", Function.Atan), Unary("arctan", Function.Atan), Unary("sinh", Function.Sinh), Unary("cosh", Function.Cosh), Unary("tanh", Function.Tanh),
        Unary("sigmoid", Function.Sigmoid), Unary("expit", Function.Sigmoid), Unary("softplus", Function.Softplus), Unary("erf", Function.Erf),
        Unary("reciprocal", Function.Reciprocal),
        new Operation("rsqrt", "T", c => c.Builder.Apply(Function.Power, c.Tensors[0], -0.5)),
        new Operation("log2", "T", c => Scaled(c, 1 / Math.Log(2), c.Builder.Apply(Function.Log, c.Tensors[0]))),
        new Operation("log10", "T", c => Scaled(c, 1 / Math.Log(10), c.Builder.Apply(Function.Log, c.Tensors[0]))),
        new Operation("exp2", "T", c => c.Builder.Apply(Function.Exp, Scaled(c, Math.Log(2), c.Tensors[0]))),
        new Operation("silu", "T", c => c.Shapes.Multiply(c.Syntax, c.Name, c.Tensors[0], c.Builder.Apply(Function.Sigmoid, c.Tensors[0]))),

        // log σ(x) = −softplus(−x)
        new Operation("logsigmoid", "T", LogSigmoid),
        new Operation("log_sigmoid", "T", LogSigmoid),
        new Operation("square", "T", c => c.Shapes.Multiply(c.Syntax, c.Name, c.Tensors[0], c.Tensors[0])),
        new Operation("neg", "T", c => c.Shapes.Negate(c.Tensors[0])),
        new Operation("negative", "T", c => c.Shapes.Negate(c.Tensors[0])),
        new Operation("positive", "T", c => c.Tensors[0]),
        new Operation("pow", "TT", c => c.Shapes.Power(c.Syntax, c.Name, c.Tensors[0], c.Tensors[1])),
        new Operation("pow", "TN", c => c.Number(1) is { } exponent ? c.Shapes.Power(c.Syntax, c.Name, c.Tensors[0], exponent) : null),
    }
        .Concat(Arithmetic((c, l, r) => c.Shapes.Add(c.Syntax, c.Name, l, r, 1), "add"))
        .Concat(Arithmetic((c, l, r) => c.Shapes.Add(c.Syntax, c.Name, l, r, -1), "sub", "subtract"))
        .Concat(Arithmetic((c, l, r) => c.Shapes.Multiply(c.Syntax, c.Name, l, r), "mul", "multiply"))
        .Concat(Arithmetic((c, l, r) => c.Shapes.Divide(c.Syntax, c.Name, l, r), "div", "divide"));

    /// <summary>An operation on two tensors or on a tensor and a number.</summary>
    internal static IEnumerable<Operation> Arithmetic(Func<TorchCall, int, int, int?> rule, params string[] names) => names.SelectMany(name => new[]
    {
        new Operation(name, "TT", c => rule(c, c.Tensors[0], c.Tensors[1])),
        new Operation(name, "TN", c => c.Number(1) is { } number ? rule(c, c.Tensors[0], number) : null),
    });

    private static Operation Unary(string name, Function function) => new(name, "T", c => c.Builder.Apply(function, c.Tensors[0]));

    private static int Scaled(TorchCall call, double by, int value) => call.Builder.Contract(by, new[] { call.Builder.Own(value) }, call.Builder.OwnLabels(value));

    private static int? LogSigmoid(TorchCall call) =>
        call.Shapes.Negate(call.Builder.Apply(Function.Softplus, call.Shapes.Negate(call.Tensors[0])));
}
