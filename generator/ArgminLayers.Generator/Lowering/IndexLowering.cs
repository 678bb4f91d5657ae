using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary>Indexers: positions, ranges, slices, ellipses and new axes, in every spelling.</summary>
internal sealed class IndexLowering
{
    private readonly BodyLowering body;
    private readonly IOperation whole;
    private int axis;
    private int value;

    public IndexLowering(BodyLowering body, IOperation whole, int value)
    {
        this.body = body;
        this.whole = whole;
        this.value = value;
    }

    private EquatableArray<Extent> Axes => body.Shapes.AxesOf(value);

    /// <summary>The element or part that the indices name; null where one was refused.</summary>
    public int? Lower(IReadOnlyList<IOperation> indices)
    {
        var used = indices.Count(index => !IsField(index, "Ellipsis") && !IsField(index, "None") && !IsField(index, "Null"));
        if (used > Axes.Count)
        {
            return body.Refuse(whole.Syntax.GetLocation(), $"a tensor of shape {ShapeText.Of(Axes)} has no {used} axes to index");
        }

        var skipped = Axes.Count - used;
        return indices.All(index => Take(index, skipped)) ? value : null;
    }

    private bool Take(IOperation index, int skipped)
    {
        while (index is IConversionOperation conversion)
        {
            index = conversion.Operand;
        }

        if (IsField(index, "Ellipsis"))
        {
            axis += skipped;
            return true;
        }

        if (IsField(index, "None") || IsField(index, "Null"))
        {
            value = body.Shapes.Unsqueeze(value, axis++);
            return true;
        }

        if (IsField(index, "Colon"))
        {
            axis++;
            return true;
        }

        switch (index)
        {
            case IRangeOperation range:
                return Part(index, range.LeftOperand, range.RightOperand);
            case ITupleOperation { Elements.Length: 2 } pair:
                return Part(index, pair.Elements[0], pair.Elements[1]);
            case IInvocationOperation { TargetMethod: { Name: "Slice" } method } slice when method.ContainingType.Name == "TensorIndex":
                var arguments = slice.Arguments.OrderBy(argument => argument.Parameter?.Ordinal).Select(argument => argument.Value).ToList();
                return arguments.Count == 1 ? Take(arguments[0], 0)
                    : IsNothing(arguments[2]) ? Part(index, arguments[0], arguments[1])
                    : TorchArguments.Numbers(arguments[2]) is { Count: 1 } steps && steps[0] > 0 ? Part(index, arguments[0], arguments[1], steps[0])
                    : Refuse(arguments[2], "the step of a slice must be a constant above 0");
            case IInvocationOperation { TargetMethod.Name: "Single", Arguments: { Length: 1 } single }:
                return Take(single[0].Value, 0);
            default:
                return Position(index) is { } position && Pick(index, position);
        }
    }

    private bool Pick(IOperation index, Extent position)
    {
        if (position.Number is { } number && Axes[axis].Number is { } size && number >= size)
        {
            return Refuse(index, $"position {number} lies outside an axis of extent {size}");
        }

        value = body.Shapes.Pick(value, axis, position);
        return true;
    }

    private bool Part(IOperation index, IOperation? from, IOperation? to, long step = 1)
    {
        var start = IsNothing(from) ? Extent.Of(0) : Position(from!);
        var end = IsNothing(to) ? Axes[axis] : Position(to!);
        if (start is not { } s || end is not { } e)
        {
            return false;
        }

        var length = e - s;
        if (length.Number is <= 0 || (e.Number is { } last && Axes[axis].Number is { } size && last > size))
        {
            return Refuse(index, $"the slice has no elements or leaves the axis of extent {Axes[axis]}");
        }

        if (body.Shapes.Stride(value, axis, s, length, step) is not { } part)
        {
            return Refuse(index, ShapedBuilder.UnknownStride(length, step));
        }

        value = part;
        axis++;
        return true;
    }

    /// <summary>A position from the front of the current axis.</summary>
    private Extent? Position(IOperation index)
    {
        while (index is IConversionOperation { ConstantValue.HasValue: false } conversion)
        {
            index = conversion.Operand;
        }

        var isFromEnd = index is IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat };
        if (body.Extent(isFromEnd ? ((IUnaryOperation)index).Operand : index, "an index") is not { } position)
        {
            return null;
        }

        return isFromEnd ? Axes[axis] - position : position.Number < 0 ? Axes[axis] + position : position;
    }

    private static bool IsNothing(IOperation? operation) => operation switch
    {
        null or IDefaultValueOperation => true,
        { ConstantValue: { HasValue: true, Value: null } } => true,
        IConversionOperation conversion => IsNothing(conversion.Operand),
        _ => false,
    };

    private static bool IsField(IOperation operation, string name) => operation switch
    {
        IConversionOperation conversion => IsField(conversion.Operand, name),
        IFieldReferenceOperation field => field.Field.Name == name && field.Field.ContainingType.Name == "TensorIndex",
        _ => false,
    };

    private bool Refuse(IOperation operation, string reason)
    {
        body.Refuse(operation.Syntax.GetLocation(), reason);
        return false;
    }
}
