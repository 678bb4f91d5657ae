using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;

namespace ArgminLayers.Generator.Lowering;

/// <summary>A call that a rule lowers. What an argument must be, and is not, is refused at the argument.</summary>
/// <param name="Body">The body it stands in.</param>
/// <param name="Syntax">The call.</param>
/// <param name="Name">The member's name.</param>
/// <param name="Arguments">All arguments.</param>
/// <param name="Tensors">The values of the tensors and conditions among the rule's arguments.</param>
internal sealed record TorchCall(BodyLowering Body, SyntaxNode Syntax, string Name, TorchArguments Arguments, int[] Tensors)
{
    public ShapedBuilder Shapes => Body.Shapes;

    public ProgramBuilder Builder => Body.Shapes.Builder;

    public EquatableArray<Extent> Axes(int tensor) => Shapes.AxesOf(Tensors[tensor]);

    public int Rank(int tensor) => Axes(tensor).Count;

    public int? Refuse(int argument, string reason) => Body.Refuse(Arguments.All[argument].Operation.Syntax.GetLocation(), reason);

    public int? Refuse(string reason) => Body.Refuse(Syntax.GetLocation(), reason);

    /// <summary>A number argument as a value; null where it was refused.</summary>
    public int? Number(int argument) => Body.Expression(Arguments.All[argument].Operation);

    /// <summary>A number argument that must be known at compile time.</summary>
    public double? Constant(int argument)
    {
        if (Number(argument) is not { } value)
        {
            return null;
        }

        if (Builder[value] is Constant constant)
        {
            return constant.Value;
        }

        Refuse(argument, $"argument '{Arguments.All[argument].Name}' of '{Name}' must be a constant");
        return null;
    }

    /// <summary>A flag that must be known at compile time.</summary>
    public bool? Flag(int argument)
    {
        if (Arguments.All[argument].Operation.ConstantValue is { HasValue: true, Value: bool flag })
        {
            return flag;
        }

        Refuse(argument, $"{Arguments.All[argument].Name} must be a constant");
        return null;
    }

    /// <summary>A length or position along an axis: a number, or an expression in sizes such as <c>x.size(0) - 1</c>.</summary>
    public Extent? Extent(int argument) => Body.Extent(Arguments.All[argument].Operation, $"argument '{Arguments.All[argument].Name}' of '{Name}'");

    /// <summary>The lengths of an argument such as a shape.</summary>
    public IReadOnlyList<Extent>? Extents(int argument)
    {
        var operation = Arguments.All[argument].Operation;
        if (TorchArguments.OwnerOfShape(operation) is { } owner)
        {
            return Body.Numeric(owner) is { } tensor ? Shapes.AxesOf(tensor) : null;
        }

        if (TorchArguments.Elements(operation) is not { } elements)
        {
            Refuse(argument, $"argument '{Arguments.All[argument].Name}' of '{Name}' must list its numbers here");
            return null;
        }

        var extents = elements.Select(element => Body.Extent(element, $"argument '{Arguments.All[argument].Name}' of '{Name}'")).ToList();
        return extents.Any(extent => extent is null) ? null : extents.Select(extent => extent!.Value).ToList();
    }

    /// <summary>An axis of a tensor with that many axes, counted from the front.</summary>
    public int? Axis(int argument, int rank) => AxesAmong(argument, rank) is { Count: 1 } axes ? axes[0] : null;

    /// <summary>Axes of a tensor with that many axes, each named once, counted from the front.</summary>
    public IReadOnlyList<int>? AxesAmong(int argument, int rank) => AxesAmong(argument, rank, 1);

    public IReadOnlyList<int>? AxesAmong(int argument, int rank, int arguments)
    {
        var axes = new List<int>();
        for (var k = argument; k < argument + arguments; k++)
        {
            if (TorchArguments.Numbers(Arguments.All[k].Operation) is not { } numbers)
            {
                Refuse(k, $"the axes of '{Name}' must be constants");
                return null;
            }

            foreach (var number in numbers)
            {
                var axis = number < 0 ? number + rank : number;
                if (axis < 0 || axis >= rank || axes.Contains((int)axis))
                {
                    Refuse(k, $"a tensor of shape {ShapeText.Of(Axes(0))} has no such axes for '{Name}'");
                    return null;
                }

                axes.Add((int)axis);
            }
        }

        return axes;
    }

    /// <summary>The tensors of an argument such as those of cat.</summary>
    public IReadOnlyList<int>? List(int argument)
    {
        if (TorchArguments.Elements(Arguments.All[argument].Operation) is not { Count: > 0 } elements)
        {
            Refuse(argument, $"the tensors of '{Name}' must be listed here, as new[] {{ a, b }} or [a, b]");
            return null;
        }

        var values = elements.Select(element => Body.Numeric(element)).ToList();
        return values.Any(value => value is null) ? null : values.Select(value => value!.Value).ToList();
    }

    /// <summary>A text that must be known at compile time.</summary>
    public string? Text(int argument)
    {
        if (Arguments.All[argument].Operation.ConstantValue is { HasValue: true, Value: string text })
        {
            return text;
        }

        Refuse(argument, $"argument '{Arguments.All[argument].Name}' of '{Name}' must be a constant");
        return null;
    }

    public int? Mismatch(int left, int right) => Shapes.Mismatch(Syntax, Name, left, right);
}
