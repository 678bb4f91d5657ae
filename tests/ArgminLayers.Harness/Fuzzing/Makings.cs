using ArgminLayers.Generator.Emission;
using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Programs;
using ArgminLayers.Generator.Structure;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>What a layer is made of.</summary>
/// <param name="Kinds">The kinds of instructions in its pieces.</param>
/// <param name="Structure">The structure and smoothness that the compiler found.</param>
internal sealed record Makings(IReadOnlyList<string> Kinds, string Structure)
{
    public static Makings Of(LayerModel model)
    {
        var analysis = Analyzer.Of(model.Objective, model.VariableName);
        return new Makings(
            [.. PieceTable.Of(new LayerContext(model, analysis)).SelectMany(piece => piece.Program.Nodes).Select(KindOf).Distinct()],
            $"{analysis.Structure}{(analysis.Predictor is null ? "" : analysis.Predictor.IsSeparable ? ", linear predictor" : ", coupled predictors")}, {analysis.Smoothness.Class}");
    }

    /// <summary>Every kind of instruction that there is.</summary>
    public static IEnumerable<string> AllKinds() => typeof(Node).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Node)) && !type.IsAbstract && type != typeof(Elementwise))
        .Select(type => type.Name)
        .Concat(Enum.GetNames<Function>().Select(function => $"{nameof(Elementwise)} {function}"));

    private static string KindOf(Node node) => node is Elementwise elementwise ? $"{nameof(Elementwise)} {elementwise.Function}" : node.GetType().Name;
}
