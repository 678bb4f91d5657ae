using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Lowering;

namespace ArgminLayers.Generator.Emission;

/// <summary><c>call</c> and <c>Solve</c> without the inputs that have a default.</summary>
internal static class OptionalInputMembers
{
    public static void Emit(LayerContext context, SourceWriter writer)
    {
        for (var given = context.Inputs.Count - 1; given > 0 && context.Inputs[given].Fill is not null; given--)
        {
            var (inputs, filled) = (context.Inputs.Take(given).ToList(), context.Inputs.Skip(given).ToList());
            var values = string.Join(" and ", filled.Select(input => $"{input.Name} = {Literals.Of(input.Fill!.Value)}"));
            var all = string.Join(", ", inputs.Select(input => Identifiers.Escape(input.Name)).Concat(filled.Select(input => Filled(context, inputs, input))));
            var declared = string.Join(", ", inputs.Select(LayerContext.Declare));
            var y = context.Variable.Name;

            writer.Line();
            Head(writer, inputs, $"The minimiser {y}* for {values}, differentiable in the other inputs.");
            writer.Line($"public Tensor call({declared})");
            using (writer.Indent())
            {
                writer.Line("using var scope = torch.NewDisposeScope();");
                writer.Line($"return call({all}).MoveToOuterDisposeScope();");
            }

            writer.Line();
            Head(writer, inputs, $"The minimiser {y}* for {values}, with a report per problem of the batch.");
            Documentation.Parameter(writer, "start", $"Where to start, of {y}'s shape with any leading dimensions; null for the solver's own choice.");
            writer.Line($"public global::ArgminLayers.ArgminResult Solve({declared}, Tensor? start = null)");
            using (writer.Indent())
            {
                writer.Line("using var scope = torch.NewDisposeScope();");
                writer.Line($"var result = Solve({all}, start);");
                writer.Line("result.Solution.MoveToOuterDisposeScope();");
                writer.Line("return result;");
            }
        }
    }

    private static void Head(SourceWriter writer, IEnumerable<ParameterModel> inputs, string summary)
    {
        Documentation.Element(writer, "summary", summary);
        foreach (var input in inputs)
        {
            Documentation.Parameter(writer, input.Name, ConstructorMember.Description(input));
        }
    }

    /// <summary>The input that is left out: its value everywhere, shared by the batch.</summary>
    private static string Filled(LayerContext context, IReadOnlyList<ParameterModel> inputs, ParameterModel input)
    {
        var sizes = string.Join(", ", input.Axes.Select(axis => ProblemMember.Size(inputs, axis)));
        var shape = input.Axes.Count == 0 ? "global::System.Array.Empty<long>()" : $"new long[] {{ {sizes} }}";
        var like = Identifiers.Escape(inputs[0].Name);
        return $"torch.full({shape}, {context.Scalars.NameOf(input.Fill!.Value)}, dtype: {like}.dtype, device: {like}.device)";
    }
}
