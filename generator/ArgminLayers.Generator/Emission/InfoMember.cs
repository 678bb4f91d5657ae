using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Programs;
using ArgminLayers.Generator.Structure;

namespace ArgminLayers.Generator.Emission;

/// <summary>The rooted numbers, and what the compiler found out, for the solvers.</summary>
internal static class InfoMember
{
    public static void Emit(LayerContext context, SourceWriter writer)
    {
        foreach (var (name, value) in context.Scalars.All)
        {
            writer.Line($"private static readonly Scalar {name} = {value};");
        }

        if (context.Scalars.All.Count > 0)
        {
            writer.Line();
        }

        var analysis = context.Analysis;
        writer.Line("/// <summary>What the compiler found out about the objective.</summary>");
        writer.Line("public static readonly global::ArgminLayers.ObjectiveInfo Info = new global::ArgminLayers.ObjectiveInfo(");
        writer.Line($"    \"{context.Model.ObjectiveName}\",");
        writer.Line($"    {Tensor(context.Variable)},");
        writer.Line("    new global::ArgminLayers.TensorInfo[]");
        writer.Line("    {");
        foreach (var input in context.Inputs)
        {
            writer.Line($"        {Tensor(input)},");
        }

        writer.Line("    },");
        writer.Line($"    global::ArgminLayers.Smoothness.{(analysis.Smoothness.Class == SmoothnessClass.TwiceContinuous ? "TwiceContinuous" : "PiecewiseTwiceContinuous")},");
        writer.Line($"    global::ArgminLayers.Curvature.{(analysis.Modulus.Length > 0 ? "StronglyConvex" : analysis.Curvature.IsConvex ? "Convex" : "Unknown")},");
        writer.Line($"    global::ArgminLayers.HessianStructure.{analysis.Structure},");
        writer.Line($"    {(analysis.HasConstantHessian ? "true" : "false")}){(analysis.Predictor is null ? ";" : "")}");
        if (analysis.Predictor is not null)
        {
            writer.Line("{");
            writer.Line("    HasLinearPredictors = true,");
            writer.Line("};");
        }

        writer.Line();
        writer.Line("private readonly global::ArgminLayers.ArgminSolver solver;");
        writer.Line();
    }

    private static string Tensor(ParameterModel parameter)
    {
        var extents = parameter.Axes.Count == 0
            ? "global::System.Array.Empty<string>()"
            : "new[] { " + string.Join(", ", parameter.Axes.Select(axis => $"\"{axis}\"")) + " }";
        var promise = parameter.Promise == Promise.None ? "" : $", global::ArgminLayers.Promise.{parameter.Promise}";
        var ragged = parameter.Ragged is null ? "" : $" {{ LengthOf = \"{parameter.Ragged}\" }}";
        return $"new global::ArgminLayers.TensorInfo(\"{parameter.Name}\", {extents}{promise}){ragged}";
    }
}
