using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArgminLayers.Harness.Mutation;

/// <summary>Mutants of one layer in one assembly beside the one that has its objective, each in a namespace of its own.</summary>
internal sealed class MutantAssembly : IDisposable
{
    private readonly AssemblyLoadContext context;

    private MutantAssembly(AssemblyLoadContext context, IReadOnlyList<(Mutant Mutant, Type Type)> types) => (this.context, Types) = (context, types);

    /// <summary>The layers of those that compiled.</summary>
    public IReadOnlyList<(Mutant Mutant, Type Type)> Types { get; }

    /// <param name="compilation">The objective with its layer.</param>
    /// <param name="image">The same as an assembly.</param>
    /// <param name="original">That assembly, loaded.</param>
    /// <param name="mutants">The mutants.</param>
    public static MutantAssembly Of(Compilation compilation, byte[] image, Assembly original, IReadOnlyList<Mutant> mutants)
    {
        var trees = mutants.Select((mutant, k) => (Mutant: mutant, Tree: InNamespace(mutant.Tree, $"Mutant{k}"), Namespace: $"Mutant{k}")).ToList();
        var empty = CSharpCompilation.Create(
            "Mutants",
            references: compilation.References.Append(MetadataReference.CreateFromImage(image)),
            options: (CSharpCompilationOptions)compilation.Options);
        using var stream = new MemoryStream();
        while (trees.Count > 0)
        {
            stream.SetLength(0);
            var result = empty.AddSyntaxTrees(trees.Select(one => one.Tree)).Emit(stream);
            if (result.Success)
            {
                break;
            }

            var wrong = result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Location.SourceTree).ToHashSet();
            trees.RemoveAll(one => wrong.Contains(one.Tree)).ShouldBeGreaterThan(0);
        }

        var context = new AssemblyLoadContext(null, isCollectible: true);
        context.Resolving += (_, name) => name.Name == original.GetName().Name ? original : null;
        if (trees.Count == 0)
        {
            return new MutantAssembly(context, []);
        }

        stream.Position = 0;
        var types = context.LoadFromStream(stream).GetTypes().Where(type => type is { IsNested: false, Namespace: not null } && typeof(TorchSharp.torch.nn.Module).IsAssignableFrom(type))
            .ToDictionary(type => type.Namespace!);
        return new MutantAssembly(context, [.. trees.Select(one => (one.Mutant, types[one.Namespace]))]);
    }

    public void Dispose() => context.Unload();

    private static SyntaxTree InNamespace(SyntaxTree tree, string name)
    {
        var root = tree.GetRoot();
        var old = root.DescendantNodes().OfType<FileScopedNamespaceDeclarationSyntax>().Single().Name;
        return tree.WithRootAndOptions(root.ReplaceNode(old, SyntaxFactory.IdentifierName(name).WithTriviaFrom(old)), tree.Options);
    }
}
