using System.Linq;
using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <summary>The constructor, which checks the promises on numbers, and their properties.</summary>
internal static class ConstructorMember
{
    public static void Emit(LayerContext context, SourceWriter writer)
    {
        // Parameters without a default cannot follow those with one: from the first default on, all must have one.
        var parameters = context.Numbers.Select((number, k) =>
            LayerContext.Declare(number) + (context.Numbers.Skip(k).All(later => later.Default.Length > 0) ? $" = {number.Default}" : "")).ToList();
        parameters.Add("global::ArgminLayers.ArgminOptions? options = null");
        Documentation.Element(writer, "summary", "Creates the layer.");
        foreach (var number in context.Numbers)
        {
            Documentation.Parameter(writer, number.Name, Description(number));
        }

        Documentation.Parameter(writer, "options", "How the problems are solved; null for the defaults.");
        foreach (var number in context.Numbers.Where(number => number.Promise != Promise.None))
        {
            Documentation.Element(
                writer,
                "exception",
                $"Thrown when <paramref name=\"{number.Name}\"/> is not {Requirement(number)}{Finite(number)}.",
                " cref=\"global::System.ArgumentOutOfRangeException\"");
        }

        writer.Line($"public {Identifiers.Escape(context.Model.ClassName)}({string.Join(", ", parameters)})");
        writer.Line($"    : base(\"{context.Model.ClassName}\")");
        using (writer.Indent())
        {
            foreach (var number in context.Numbers.Where(number => number.Promise != Promise.None))
            {
                var name = Identifiers.Escape(number.Name);
                var isInfinite = Finite(number).Length > 0 ? $" || double.IsInfinity({name})" : "";
                writer.Line($"if (!({name} {(number.Promise == Promise.Positive ? ">" : ">=")} 0){isInfinite})");
                using (writer.Indent())
                {
                    writer.Line($"throw new global::System.ArgumentOutOfRangeException(nameof({name}), {name}, \"{number.Name} must be {Requirement(number)}{Finite(number)}.\");");
                }

                writer.Line();
            }

            foreach (var number in context.Numbers)
            {
                writer.Line($"this.{Property(number)} = {Identifiers.Escape(number.Name)};");
            }

            var next = 0;
            var arguments = context.Others.Select(parameter => parameter.IsTensor
                ? $"inputs[{(next++).ToString(System.Globalization.CultureInfo.InvariantCulture)}]"
                : Identifiers.Escape(parameter.Name));
            writer.Line("solver = new global::ArgminLayers.ArgminSolver(");
            writer.Line("    Info,");
            writer.Line("    options ?? new global::ArgminLayers.ArgminOptions(),");
            writer.Line($"    inputs => new Problem({string.Join(", ", arguments)}));");
        }

        foreach (var number in context.Numbers)
        {
            writer.Line();
            Documentation.Element(writer, "summary", Description(number));
            writer.Line($"public {LayerContext.TypeOf(number)} {Property(number)} {{ get; }}");
        }

        writer.Line();
    }

    public static string Description(ParameterModel parameter) => parameter.Documentation.Length > 0
        ? parameter.Documentation
        : parameter.IsTensor
            ? $"{parameter.Name}, of shape {Shape(parameter)}" + (parameter.Promise switch
            {
                Promise.None => ".",
                Promise.PositiveDefinite => ", symmetric and positive definite.",
                _ => $", every element {Requirement(parameter)}.",
            })
            : $"The objective's {parameter.Name}" + (parameter.Promise == Promise.None ? "." : $", {Requirement(parameter)}.");

    private static string Shape(ParameterModel parameter) => "(…" + string.Concat(parameter.Axes.Select(axis => ", " + axis)) + ")";

    private static string Requirement(ParameterModel parameter) => parameter.Promise == Promise.Positive ? "greater than 0" : "at least 0";

    private static string Finite(ParameterModel number) => number.Kind == ParameterKind.Double ? " and finite" : "";

    private static string Property(ParameterModel number) => Identifiers.Escape(NameForms.Pascal(number.Name));
}
