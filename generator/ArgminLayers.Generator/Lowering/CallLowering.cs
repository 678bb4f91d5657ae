using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary>Lowers a call: an operation of TorchSharp from the table, <c>Math</c> on numbers, or a method of the user's, inlined.</summary>
internal sealed class CallLowering
{
    private readonly BodyLowering body;

    public CallLowering(BodyLowering body) => this.body = body;

    public int? Call(IInvocationOperation call)
    {
        if (body.ContainsErrors(call) && call.TargetMethod.DeclaringSyntaxReferences.Length == 0 && !KnownNames.IsTorch(call.TargetMethod.ContainingType))
        {
            body.Findings.Fail();
            return null;
        }

        var method = call.TargetMethod;
        if (KnownNames.IsTorch(method.ContainingType))
        {
            return Torch(call, KnownNames.OperationName(method), TorchArguments.Read(call.Instance, call.Arguments));
        }

        if (KnownNames.FullName(method.ContainingType) == "System.Math")
        {
            return NumberFunctions.Lower(body, call);
        }

        if (method.IsStatic && method.MethodKind == MethodKind.Ordinary && method.DeclaringSyntaxReferences.Length > 0)
        {
            return Inline(call);
        }

        // The parts are read on, for their own errors.
        foreach (var part in call.Arguments.Where(part => KnownNames.IsTensor(part.Value.Type) || KnownNames.IsNumber(part.Value.Type)))
        {
            body.Expression(part.Value);
        }

        return body.Refuse(call.Syntax.GetLocation(), method.IsStatic
            ? $"the source of '{method.ContainingType?.Name}.{method.Name}' is not in this project"
            : $"'{method.ContainingType?.Name}.{method.Name}' is not a static method");
    }

    /// <summary>One of the results of a call that has several: the table lists it under the call's name and the result's.</summary>
    public int? Part(IInvocationOperation call, string part) =>
        Torch(call, $"{KnownNames.OperationName(call.TargetMethod)}.{PartName(part)}", TorchArguments.Read(call.Instance, call.Arguments));

    /// <summary>A property of a tensor, or an indexer.</summary>
    public int? Property(IPropertyReferenceOperation property)
    {
        if (property.Arguments.Length == 0)
        {
            return Torch(property, property.Property.Name, TorchArguments.Read(property.Instance, property.Arguments));
        }

        var indices = property.Arguments.OrderBy(argument => argument.Parameter?.Ordinal)
            .SelectMany(argument => argument.Value is IArrayCreationOperation { Initializer: { } list } ? list.ElementValues : Enumerable.Repeat(argument.Value, 1)).ToList();
        return property.Instance is { } instance && body.Numeric(instance) is { } value ? new IndexLowering(body, property, value).Lower(indices) : null;
    }

    private int? Torch(IOperation call, string name, TorchArguments arguments)
    {
        if (OperationTable.Find(name, arguments) is not { } rule)
        {
            return RefuseUnknown(call, name, arguments);
        }

        var values = new List<int>();
        var failed = false;
        for (var k = 0; k < rule.Kinds.Length; k++)
        {
            if (rule.Kinds[k] is Operation.Tensor or Operation.Condition)
            {
                var operand = arguments.All[k].Operation;
                var value = rule.Kinds[k] == Operation.Tensor ? body.Numeric(operand) : body.Condition(operand);
                failed |= value is null;
                values.Add(value ?? 0);
            }
        }

        foreach (var extra in arguments.All.Skip(rule.Kinds.Length))
        {
            if (!extra.IsDefault && !(rule.TakesTypeOfTensor && IsOfTensor(extra.Operation)))
            {
                body.Findings.Report(
                    extra.Kind == 'Y' ? Descriptors.ExplicitType : Descriptors.UnsupportedOperation,
                    extra.Operation.Syntax.GetLocation(),
                    extra.Kind == 'Y'
                        ? $"'{BodyLowering.Excerpt(extra.Operation.Syntax)}' sets a dtype; the layer keeps that of its inputs"
                        : $"argument '{extra.Name}' of '{name}' must have its default value");
                failed = true;
            }
        }

        return failed ? null : rule.Lower(new TorchCall(body, call.Syntax, name, arguments, values.ToArray()));
    }

    /// <summary>x.dtype or x.device.</summary>
    private static bool IsOfTensor(IOperation operation)
    {
        while (operation is IConversionOperation conversion)
        {
            operation = conversion.Operand;
        }

        return operation is IPropertyReferenceOperation { Property: { Name: "dtype" or "device" } property } && KnownNames.IsTensor(property.ContainingType);
    }

    private int? RefuseUnknown(IOperation call, string name, TorchArguments arguments)
    {
        foreach (var argument in arguments.All.Where(argument => argument.Kind == 'T' && !argument.IsDefault))
        {
            body.Expression(argument.Operation);
        }

        if (name is "sum" or "mean" && arguments.All.FirstOrDefault(a => a.Kind == 'Y' && !a.IsDefault) is { } type)
        {
            body.Findings.Report(Descriptors.ExplicitType, type.Operation.Syntax.GetLocation(),
                type.Operation.Syntax.ToString() == "0"
                    ? $"'{name}(0)' binds 0 to the dtype uint8, not to the axis; write '{(name == "mean" ? "mean([0])" : $"{name}(dim: 0)")}'"
                    : $"'{BodyLowering.Excerpt(type.Operation.Syntax)}' sets a dtype; the layer keeps that of its inputs");
            return null;
        }

        return body.Refuse(
            call.Syntax.GetLocation(),
            $"'{name}' of {string.Join(", ", arguments.All.Where(a => !a.IsDefault).Select(a => a.Operation.Type?.Name ?? "?"))} has no rule");
    }

    private int? Inline(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var values = new int?[method.Parameters.Length];
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is not { RefKind: RefKind.None, IsParams: false } parameter)
            {
                return body.Refuse(argument.Syntax.GetLocation(), "an argument by reference or as params cannot be followed");
            }

            values[parameter.Ordinal] = body.Expression(argument.Value);
        }

        if (method.IsGenericMethod || method.IsAsync)
        {
            return body.Refuse(call.Syntax.GetLocation(), $"'{method.Name}' is generic or async");
        }

        if (values.Any(value => value is null))
        {
            return null;
        }

        var location = call.Syntax.GetLocation();
        body.Findings.Enter(location);
        try
        {
            return body.Inline(method.OriginalDefinition, values.Select(value => value!.Value).ToList(), location);
        }
        finally
        {
            body.Findings.Leave();
        }
    }

    /// <summary>Results by position, whatever a version of TorchSharp calls them.</summary>
    private static string PartName(string part) => part switch
    {
        "values" or "res" => "Item1",
        "indexes" or "logabsdet" => "Item2",
        _ => part,
    };
}
