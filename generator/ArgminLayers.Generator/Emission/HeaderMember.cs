using System.Linq;
using ArgminLayers.Generator.Programs;
using ArgminLayers.Generator.Structure;

namespace ArgminLayers.Generator.Emission;

/// <summary>The class's documentation and declaration.</summary>
internal static class HeaderMember
{
    public static void Emit(LayerContext context, SourceWriter writer)
    {
        var (model, analysis) = (context.Model, context.Analysis);
        Documentation.Element(writer, "summary", model.Summary.Length > 0
            ? model.Summary
            : Documentation.Escape($"The minimiser of {model.ObjectiveName} as a layer."));
        var objective = context.Derivation.Objective();
        var formula = new FormulaPrinter(objective.Nodes, _ => null).Print(objective.Outputs[0]);
        Documentation.Element(writer, "remarks", string.Join("\n", new[]
        {
            $"<para><c>{context.Variable.Name}* = argmin_{context.Variable.Name} {Documentation.Escape(formula)}</c></para>",
            $"<para>{Documentation.Escape(Verdict.Smoothness(analysis))} {Documentation.Escape(Verdict.Curvature(analysis))}</para>",
            $"<para>{Documentation.Escape(Verdict.Hessian(model, analysis))} {Documentation.Escape(Verdict.Solver(model, analysis))}</para>",
            "<para>Leading dimensions of the inputs are batch dimensions and broadcast. The static methods are the pieces that the layer is made of.</para>",
        }));
        var arguments = string.Join(", ", Enumerable.Repeat("Tensor", context.Inputs.Count + 1));
        writer.Line("[global::System.CodeDom.Compiler.GeneratedCode(\"ArgminLayers.Generator\", \"0.1.0\")]");
        writer.Line($"[global::ArgminLayers.LayerFacts(global::ArgminLayers.HessianStructure.{analysis.Structure}, {(analysis.Predictor is null ? "false" : "true")})]");
        writer.Line($"{(model.IsPublic ? "public" : "internal")} sealed class {Identifiers.Escape(model.ClassName)} : torch.nn.Module<{arguments}>");
    }
}
