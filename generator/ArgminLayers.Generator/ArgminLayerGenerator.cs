using System.Text;
using System.Threading;
using ArgminLayers.Generator.Emission;
using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Structure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ArgminLayers.Generator;

/// <summary>
/// Generates a layer for every objective that lowers without an error. Silent: what is wrong with the others is <see cref="ObjectiveAnalyzer"/>'s to say,
/// which runs the same lowering.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ArgminLayerGenerator : IIncrementalGenerator
{
    /// <summary>The tracked step that lowers objectives to models.</summary>
    public const string ModelStep = "ArgminLayers.Model";

    /// <summary>The tracked step that turns models into source text.</summary>
    public const string SourceStep = "ArgminLayers.Source";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var memory = new ModelMemory();
        var models = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.LayerAttribute,
                static (node, _) => node is MethodDeclarationSyntax,
                (found, cancellation) => Model(found, memory, cancellation))
            .WithTrackingName(ModelStep);
        var sources = models.Select(static (model, _) => Source(model)).WithTrackingName(SourceStep);
        context.RegisterSourceOutput(sources, static (output, source) =>
        {
            if (source is { } file)
            {
                output.AddSource(file.HintName, SourceText.From(file.Text, Encoding.UTF8));
            }
        });
    }

    private static LayerModel? Model(GeneratorAttributeSyntaxContext found, ModelMemory memory, CancellationToken cancellation)
    {
        var (method, compilation) = ((IMethodSymbol)found.TargetSymbol, found.SemanticModel.Compilation);
        return memory.Model(method, (MethodDeclarationSyntax)found.TargetNode, compilation, () => ObjectiveLowering.Lower(method, found.Attributes[0], compilation, cancellation));
    }

    private static SourceFile? Source(LayerModel? model)
    {
        if (model is null)
        {
            return null;
        }

        return DeepStack.Run(model.Objective.Nodes.Count, () => Emit(model));
    }

    private static SourceFile? Emit(LayerModel model)
    {
        var analysis = Analyzer.Of(model.Objective, model.VariableName);
        return Objections.To(analysis) == Objection.None
            ? new SourceFile($"{model.Container}.{model.ObjectiveName}.{model.ClassName}.g.cs".Replace("@", ""), LayerEmitter.Emit(model, analysis))
            : null;
    }
}

/// <summary>A generated file.</summary>
internal sealed record SourceFile(string HintName, string Text);
