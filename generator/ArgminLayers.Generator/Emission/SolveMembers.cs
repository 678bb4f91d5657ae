using System.Linq;
using ArgminLayers.Generator.Lowering;

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
        writer.Line();
        Check(context, writer);
        OptionalInputMembers.Emit(context, writer);
    }

    /// <summary><c>Check</c>: the method itself, as the user wrote it, is the yardstick.</summary>
    private static void Check(LayerContext context, SourceWriter writer)
    {
        var (model, variable) = (context.Model, context.Variable.Name);
        Documentation.Element(writer, "summary", "Compares every piece of this layer with finite differences of the objective's value, in float64.");
        Parameters(context, writer);
        Documentation.Parameter(writer, "point", $"Where to compare, of {variable}'s shape with any leading dimensions; null for the minimiser and a point near it.");
        Documentation.Element(writer, "returns", "What agrees, what differs and by how much, the residual, the Hessian's condition, and kinks.");
        var container = string.Join(".", model.Container.Split('.').Select(Identifiers.Escape));
        var next = 0;
        var arguments = model.Parameters.Select(parameter => parameter.Kind switch
        {
            ParameterKind.Variable => "at",
            ParameterKind.Tensor => $"inputs[{(next++).ToString(System.Globalization.CultureInfo.InvariantCulture)}]",
            _ => "this." + Identifiers.Escape(NameForms.Pascal(parameter.Name)),
        });
        writer.Line($"public global::ArgminLayers.CheckReport Check({string.Join(", ", context.Inputs.Select(LayerContext.Declare))}, Tensor? point = null) =>");
        writer.Line("    solver.Check(");
        writer.Line($"        (at, inputs) => global::{container}.{Identifiers.Escape(model.ObjectiveName)}({string.Join(", ", arguments)}),");
        writer.Line("        point,");
        writer.Line($"        {string.Join(", ", context.Inputs.Select(input => Identifiers.Escape(input.Name)))});");
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
