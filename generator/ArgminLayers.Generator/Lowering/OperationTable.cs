using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary>How a call is lowered.</summary>
/// <param name="Name">The member's name, whether on the tensor, on <c>torch</c> or in <c>nn.functional</c>.</param>
/// <param name="Kinds">The kinds of its leading arguments; the others must have their defaults.</param>
/// <param name="Lower">The rule.</param>
internal sealed record Operation(string Name, string Kinds, Func<TorchCall, int?> Lower);

/// <summary>A call that a rule lowers.</summary>
/// <param name="Body">The body it stands in.</param>
/// <param name="Call">The call.</param>
/// <param name="Arguments">All arguments.</param>
/// <param name="Tensors">The values of the tensors among the rule's arguments.</param>
internal sealed record TorchCall(BodyLowering Body, IInvocationOperation Call, TorchArguments Arguments, int[] Tensors)
{
    public ShapedBuilder Shapes => Body.Shapes;

    public SyntaxNode Syntax => Call.Syntax;

    public string Name => Call.TargetMethod.Name;

    public int Rank(int tensor) => Shapes.AxesOf(Tensors[tensor]).Count;
}

/// <summary>Every operation of TorchSharp that an objective may use.</summary>
internal static class OperationTable
{
    public static readonly IReadOnlyList<Operation> All = new Operation[]
    {
        Unary("abs", Function.Abs), Unary("relu", Function.Relu), Unary("sqrt", Function.Sqrt), Unary("exp", Function.Exp), Unary("expm1", Function.Expm1),
        Unary("log", Function.Log), Unary("log1p", Function.Log1p), Unary("sin", Function.Sin), Unary("cos", Function.Cos), Unary("tan", Function.Tan),
        Unary("atan", Function.Atan), Unary("sinh", Function.Sinh), Unary("cosh", Function.Cosh), Unary("tanh", Function.Tanh),
        Unary("sigmoid", Function.Sigmoid), Unary("softplus", Function.Softplus), Unary("erf", Function.Erf), Unary("reciprocal", Function.Reciprocal),
        new("square", "T", c => c.Shapes.Multiply(c.Syntax, "square", c.Tensors[0], c.Tensors[0])),
        new("neg", "T", c => c.Shapes.Negate(c.Tensors[0])),
        new("negative", "T", c => c.Shapes.Negate(c.Tensors[0])),
        new("pow", "TN", Power),

        new("add", "TT", c => c.Shapes.Add(c.Syntax, "add", c.Tensors[0], c.Tensors[1], 1)),
        new("sub", "TT", c => c.Shapes.Add(c.Syntax, "sub", c.Tensors[0], c.Tensors[1], -1)),
        new("subtract", "TT", c => c.Shapes.Add(c.Syntax, "subtract", c.Tensors[0], c.Tensors[1], -1)),
        new("mul", "TT", c => c.Shapes.Multiply(c.Syntax, "mul", c.Tensors[0], c.Tensors[1])),
        new("multiply", "TT", c => c.Shapes.Multiply(c.Syntax, "multiply", c.Tensors[0], c.Tensors[1])),
        new("div", "TT", c => c.Shapes.Divide(c.Syntax, "div", c.Tensors[0], c.Tensors[1])),
        new("divide", "TT", c => c.Shapes.Divide(c.Syntax, "divide", c.Tensors[0], c.Tensors[1])),
        new("add", "TN", c => WithNumber(c, n => c.Shapes.Add(c.Syntax, "add", c.Tensors[0], n, 1))),
        new("sub", "TN", c => WithNumber(c, n => c.Shapes.Add(c.Syntax, "sub", c.Tensors[0], n, -1))),
        new("mul", "TN", c => WithNumber(c, n => c.Shapes.Multiply(c.Syntax, "mul", c.Tensors[0], n))),
        new("div", "TN", c => WithNumber(c, n => c.Shapes.Divide(c.Syntax, "div", c.Tensors[0], n))),

        new("dot", "TT", c => Ranks(c, 1, 1)),
        new("mv", "TT", c => Ranks(c, 2, 1)),
        new("mm", "TT", c => Ranks(c, 2, 2)),
        new("matmul", "TT", MatrixProduct),

        new("sum", "T", c => c.Shapes.Sum(c.Tensors[0], Enumerable.Range(0, c.Rank(0)).ToList(), false)),
        new("mean", "T", c => c.Shapes.Mean(c.Tensors[0], Enumerable.Range(0, c.Rank(0)).ToList(), false)),
        new("sum", "TNB", c => OverAxes(c, 1)), new("sum", "TNNB", c => OverAxes(c, 2)), new("sum", "TNNNB", c => OverAxes(c, 3)),
        new("sum", "TDB", c => OverAxes(c, 1)), new("mean", "TDB", c => OverAxes(c, 1)),
    };

    private static readonly ILookup<string, Operation> ByName = All.ToLookup(operation => operation.Name);

    /// <summary>The rule for a call, or null: the one that explains the most arguments and leaves only defaults or dtypes over.</summary>
    public static Operation? Find(string name, TorchArguments arguments) => ByName[name]
        .Where(operation => arguments.Kinds.StartsWith(operation.Kinds, StringComparison.Ordinal)
            && arguments.All.Skip(operation.Kinds.Length).All(extra => extra.IsDefault || !IsPartOfAnother(name, arguments)))
        .OrderByDescending(operation => operation.Kinds.Length)
        .FirstOrDefault();

    /// <summary>The function of numbers that <c>Math</c> calls so.</summary>
    public static Function? OfNumber(string name) => name switch
    {
        nameof(Math.Abs) => Function.Abs,
        nameof(Math.Sqrt) => Function.Sqrt,
        nameof(Math.Exp) => Function.Exp,
        nameof(Math.Log) => Function.Log,
        nameof(Math.Sin) => Function.Sin,
        nameof(Math.Cos) => Function.Cos,
        nameof(Math.Tan) => Function.Tan,
        nameof(Math.Atan) => Function.Atan,
        nameof(Math.Sinh) => Function.Sinh,
        nameof(Math.Cosh) => Function.Cosh,
        nameof(Math.Tanh) => Function.Tanh,
        _ => null,
    };

    /// <summary>A dtype where a sum's axes could stand is reported as such, not as an argument too many.</summary>
    private static bool IsPartOfAnother(string name, TorchArguments arguments) =>
        name is "sum" or "mean" && arguments.Kinds == "TY";

    private static Operation Unary(string name, Function function) => new(name, "T", call => call.Shapes.Builder.Apply(function, call.Tensors[0]));

    private static int? WithNumber(TorchCall call, Func<int, int?> rule) => call.Body.Expression(call.Arguments.All[1].Operation) is { } number ? rule(number) : null;

    private static int? Power(TorchCall call)
    {
        if (WithNumber(call, number => number) is not { } exponent)
        {
            return null;
        }

        if (call.Shapes.Builder[exponent] is not Constant constant)
        {
            return call.Body.Refuse(call.Arguments.All[1].Operation.Syntax.GetLocation(), "the exponent of 'pow' must be a constant");
        }

        return constant.Value == 2
            ? call.Shapes.Multiply(call.Syntax, "pow", call.Tensors[0], call.Tensors[0])
            : call.Shapes.Builder.Apply(Function.Power, call.Tensors[0], constant.Value);
    }

    private static int? Ranks(TorchCall call, int left, int right) => call.Rank(0) == left && call.Rank(1) == right
        ? call.Shapes.MatrixProduct(call.Syntax, call.Name, call.Tensors[0], call.Tensors[1], left - 1, 0)
        : call.Shapes.Mismatch(call.Syntax, call.Name, call.Tensors[0], call.Tensors[1]);

    private static int? MatrixProduct(TorchCall call) => call.Rank(0) is 1 or 2 && call.Rank(1) is 1 or 2
        ? Ranks(call, call.Rank(0), call.Rank(1))
        : call.Shapes.Mismatch(call.Syntax, call.Name, call.Tensors[0], call.Tensors[1]);

    private static int? OverAxes(TorchCall call, int dims)
    {
        var axes = new List<int>();
        var rank = call.Rank(0);
        foreach (var argument in call.Arguments.All.Skip(1).Take(dims))
        {
            if (TorchArguments.Numbers(argument.Operation) is not { } numbers)
            {
                return call.Body.Refuse(argument.Operation.Syntax.GetLocation(), $"the axes of '{call.Name}' must be constants");
            }

            foreach (var number in numbers)
            {
                if (number < -rank || number >= rank || axes.Contains((int)(number < 0 ? number + rank : number)))
                {
                    return call.Body.Refuse(
                        argument.Operation.Syntax.GetLocation(), $"a tensor of shape {ShapeText.Of(call.Shapes.AxesOf(call.Tensors[0]))} has no such axes for '{call.Name}'");
                }

                axes.Add((int)(number < 0 ? number + rank : number));
            }
        }

        if (call.Arguments.All[dims + 1].Operation.ConstantValue is not { HasValue: true, Value: bool keep })
        {
            return call.Body.Refuse(call.Arguments.All[dims + 1].Operation.Syntax.GetLocation(), "keepdim must be a constant");
        }

        return call.Name == "mean" ? call.Shapes.Mean(call.Tensors[0], axes, keep) : call.Shapes.Sum(call.Tensors[0], axes, keep);
    }
}
