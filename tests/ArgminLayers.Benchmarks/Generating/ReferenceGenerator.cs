using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Benchmarks.Generating;

/// <summary>
/// What any generator with the same attribute costs: finds the methods, and where <paramref name="binds"/> has their bodies bound as every reader of method bodies must; writes a file for each.
/// </summary>
/// <param name="binds">Whether the bodies are bound.</param>
internal sealed class ReferenceGenerator(bool binds) : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var methods = context.SyntaxProvider.ForAttributeWithMetadataName(
            typeof(ArgminLayerAttribute).FullName!,
            static (node, _) => node is MethodDeclarationSyntax,
            (found, cancellation) => binds ? Bound(found, cancellation) : found.TargetSymbol.Name);
        context.RegisterSourceOutput(methods, static (output, method) => output.AddSource($"{method}.g.cs", $"// {method}"));
    }

    private static string Bound(GeneratorAttributeSyntaxContext found, CancellationToken cancellation) =>
        found.SemanticModel.GetOperation(found.TargetNode, cancellation) is { } body ? found.TargetSymbol.Name + body.Descendants().Count() : "";
}
