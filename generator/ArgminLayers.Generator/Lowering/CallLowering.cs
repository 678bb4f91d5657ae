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
        if (BodyLowering.ContainsErrors(call) && call.TargetMethod.DeclaringSyntaxReferences.Length == 0 && !KnownNames.IsTorch(call.TargetMethod.ContainingType))
        {
            body.Findings.Fail();
            return null;
        }

        var method = call.TargetMethod;
        if (KnownNames.IsTorch(method.ContainingType))
        {
            return Torch(call);
        }

        if (KnownNames.FullName(method.ContainingType) == "System.Math")
        {
            return OfNumbers(call);
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

    private int? Torch(IInvocationOperation call)
    {
        var arguments = TorchArguments.Read(call);
        if (OperationTable.Find(call.TargetMethod.Name, arguments) is not { } rule)
        {
            return RefuseUnknown(call, arguments);
        }

        var values = new int[rule.Kinds.Count(kind => kind is 'T')];
        var failed = false;
        var next = 0;
        for (var k = 0; k < rule.Kinds.Length; k++)
        {
            if (rule.Kinds[k] == 'T')
            {
                var value = body.Expression(arguments.All[k].Operation);
                failed |= value is null;
                values[next++] = value ?? 0;
            }
        }

        foreach (var extra in arguments.All.Skip(rule.Kinds.Length))
        {
            if (!extra.IsDefault)
            {
                body.Findings.Report(
                    extra.Kind == 'Y' ? Descriptors.ExplicitType : Descriptors.UnsupportedOperation,
                    extra.Operation.Syntax.GetLocation(),
                    extra.Kind == 'Y'
                        ? $"'{BodyLowering.Excerpt(extra.Operation.Syntax)}' sets a dtype; the layer keeps that of its inputs"
                        : $"argument '{extra.Name}' of '{call.TargetMethod.Name}' must have its default value");
                failed = true;
            }
        }

        return failed ? null : rule.Lower(new TorchCall(body, call, arguments, values));
    }

    private int? RefuseUnknown(IInvocationOperation call, TorchArguments arguments)
    {
        foreach (var argument in arguments.All.Where(argument => argument.Kind == 'T'))
        {
            body.Expression(argument.Operation);
        }

        if (call.TargetMethod.Name is "sum" or "mean" && arguments.All.FirstOrDefault(a => a.Kind == 'Y' && !a.IsDefault) is { } type)
        {
            body.Findings.Report(Descriptors.ExplicitType, type.Operation.Syntax.GetLocation(),
                type.Operation.Syntax.ToString() == "0"
                    ? $"'{call.TargetMethod.Name}(0)' binds 0 to the dtype uint8, not to the axis; write '{call.TargetMethod.Name}(dim: 0)'"
                    : $"'{BodyLowering.Excerpt(type.Operation.Syntax)}' sets a dtype; the layer keeps that of its inputs");
            return null;
        }

        return body.Refuse(
            call.Syntax.GetLocation(),
            $"'{call.TargetMethod.Name}' of {string.Join(", ", arguments.All.Where(a => !a.IsDefault).Select(a => a.Operation.Type?.Name ?? "?"))} has no rule");
    }

    private int? OfNumbers(IInvocationOperation call)
    {
        var values = call.Arguments.OrderBy(argument => argument.Parameter?.Ordinal).Select(argument => body.Expression(argument.Value)).ToList();
        if (values.Any(value => value is null))
        {
            return null;
        }

        if (OperationTable.OfNumber(call.TargetMethod.Name) is { } function && values.Count == 1
            && call.Type?.SpecialType == SpecialType.System_Double)
        {
            return body.Shapes.Builder.Apply(function, values[0]!.Value);
        }

        if (call.TargetMethod.Name == nameof(System.Math.Pow) && body.Shapes.Builder[values[1]!.Value] is Programs.Constant exponent)
        {
            return body.Shapes.Builder.Apply(Programs.Function.Power, values[0]!.Value, exponent.Value);
        }

        return body.Refuse(call.Syntax.GetLocation(), $"'Math.{call.TargetMethod.Name}' has no rule here");
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
}
