using System.Linq;

namespace ArgminLayers.Generator.Emission;

/// <summary><c>forward</c>, <c>Solve</c>, <c>ThrowIfFailed</c>.</summary>
internal static class SolveMembers
{
    public static void Emit(LayerContext context, SourceWriter writer)
    {
        var parameters = string.Join(", ", context.Inputs.Select(LayerContext.Declare));
        var arguments = string.Join(", ", context.Inputs.Select(input => Identifiers.Escape(input.Name)));
        var variable = context.Variable.Name;

        Documentation.Element(writer, "summary", $"The minimiser {variable}*, differentiable in every input.");
        Parameters(context, writer);
        Documentation.Element(writer, "returns", Returns(context));
        Documentation.Element(writer, "exception", "Thrown when a problem did not converge, unless the options say otherwise.", " cref=\"global::ArgminLayers.ArgminException\"");
        writer.Line($"public override Tensor forward({parameters}) => solver.Call({arguments});");
        writer.Line();

        Documentation.Element(writer, "summary", $"The minimiser {variable}* with a report per problem of the batch. Never throws for a problem that did not converge.");
        Parameters(context, writer);
        Documentation.Parameter(writer, "start", $"Where to start, of {variable}'s shape with any leading dimensions; null for the solver's own choice.");
        Documentation.Element(writer, "returns", "The minimisers, and how each problem ended.");
        writer.Line($"public global::ArgminLayers.ArgminResult Solve({parameters}, Tensor? start = null) => solver.Solve(start, {arguments});");
        writer.Line();

        Documentation.Element(writer, "summary", "Throws if a backward pass of this layer has failed since the last call: an exception cannot leave libtorch's backward.");
        Documentation.Element(writer, "exception", "Thrown when one has failed; its gradients are NaN.", " cref=\"global::ArgminLayers.ArgminException\"");
        writer.Line("public void ThrowIfFailed() => solver.ThrowIfFailed();");
    }

    private static void Parameters(LayerContext context, SourceWriter writer)
    {
        foreach (var input in context.Inputs)
        {
            Documentation.Parameter(writer, input.Name, ConstructorMember.Description(input));
        }
    }

    private static string Returns(LayerContext context) =>
        $"{context.Variable.Name}*, of shape (…{string.Concat(context.Variable.Axes.Select(axis => ", " + axis))}).";
}
