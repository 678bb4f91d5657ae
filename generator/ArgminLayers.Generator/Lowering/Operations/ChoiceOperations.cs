using System;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Lowering.Operations;

/// <summary>Comparisons, conditions, selections, and the larger or smaller of two values.</summary>
internal static class ChoiceOperations
{
    public static IEnumerable<Operation> All => Comparisons(Comparison.Greater, "gt", "greater")
        .Concat(Comparisons(Comparison.GreaterOrEqual, "ge", "greater_equal"))
        .Concat(Comparisons(Comparison.Less, "lt", "less"))
        .Concat(Comparisons(Comparison.LessOrEqual, "le", "less_equal"))
        .Concat(Comparisons(Comparison.Equal, "eq"))
        .Concat(Comparisons(Comparison.NotEqual, "ne", "not_equal"))
        .Concat(ElementwiseOperations.Arithmetic((c, l, r) => c.Shapes.Extremum(c.Syntax, c.Name, true, l, r), "maximum", "max").Where(operation => operation.Kinds == "TT"))
        .Concat(ElementwiseOperations.Arithmetic((c, l, r) => c.Shapes.Extremum(c.Syntax, c.Name, false, l, r), "minimum", "min").Where(operation => operation.Kinds == "TT"))
        .Concat(new[]
        {
            new Operation("logical_and", "MM", c => c.Shapes.Combine(c.Syntax, c.Name, Logic.And, c.Tensors[0], c.Tensors[1])),
            new Operation("logical_or", "MM", c => c.Shapes.Combine(c.Syntax, c.Name, Logic.Or, c.Tensors[0], c.Tensors[1])),
            new Operation("logical_not", "M", c => c.Builder.Logical(Logic.Not, c.Tensors[0])),
            new Operation("where", "MTT", c => c.Shapes.Select(c.Syntax, c.Name, c.Tensors[0], c.Tensors[1], c.Tensors[2])),
            new Operation("this.where", "TMT", c => c.Shapes.Select(c.Syntax, c.Name, c.Tensors[1], c.Tensors[0], c.Tensors[2])),
            new Operation("clamp", "TNN", Clamp),
            new Operation("clamp", "TTT", Clamp),
            new Operation("clip", "TNN", Clamp),
            new Operation("clamp_min", "TN", c => c.Number(1) is { } low ? c.Shapes.Extremum(c.Syntax, c.Name, true, c.Tensors[0], low) : null),
            new Operation("clamp_max", "TN", c => c.Number(1) is { } high ? c.Shapes.Extremum(c.Syntax, c.Name, false, c.Tensors[0], high) : null),
        });

    private static IEnumerable<Operation> Comparisons(Comparison comparison, params string[] names) =>
        ElementwiseOperations.Arithmetic((c, l, r) => Conditions.Compare(c.Body, c.Syntax, c.Name, comparison, l, r), names);

    /// <summary>min(max(x, low), high), where either bound may be missing.</summary>
    private static int? Clamp(TorchCall call)
    {
        int? value = call.Tensors[0];
        for (var k = 1; k <= 2 && value is not null; k++)
        {
            var bound = call.Arguments.All[k];
            if (bound.IsDefault)
            {
                continue;
            }

            value = call.Body.Numeric(bound.Operation) is { } limit ? call.Shapes.Extremum(call.Syntax, call.Name, k == 1, value.Value, limit) : null;
        }

        return value;
    }
}
