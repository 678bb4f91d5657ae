using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace ArgminLayers.CodeFixes;

/// <summary>A fix that replaces one node of the tree that a diagnostic points into.</summary>
/// <typeparam name="TNode">The kind of node.</typeparam>
public abstract class SyntaxFix<TNode> : CodeFixProvider
    where TNode : SyntaxNode
{
    private readonly string id;

    /// <param name="id">The diagnostic that is fixed.</param>
    private protected SyntaxFix(string id) => this.id = id;

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds => ImmutableArray.Create(id);

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            // Where something else than the squiggle is to be changed, it is the first additional location.
            var location = UsesAdditionalLocation ? diagnostic.AdditionalLocations.FirstOrDefault() : diagnostic.Location;
            if (location?.SourceTree is not { } tree || context.Document.Project.Solution.GetDocument(tree) is not { } document)
            {
                continue;
            }

            var root = await tree.GetRootAsync(context.CancellationToken).ConfigureAwait(false);
            var node = root.FindNode(location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<TNode>();
            if (node is null || Title(node, diagnostic) is not { } title)
            {
                continue;
            }

            context.RegisterCodeFix(
                CodeAction.Create(title, cancellation => Apply(document, node, diagnostic, cancellation), equivalenceKey: GetType().Name),
                diagnostic);
        }
    }

    /// <summary>Whether the node to change is at the diagnostic's first additional location.</summary>
    private protected virtual bool UsesAdditionalLocation => false;

    /// <summary>What the fix does, as one reads it in a menu; null where it does not apply.</summary>
    private protected abstract string? Title(TNode node, Diagnostic diagnostic);

    /// <summary>The node fixed; null removes it.</summary>
    private protected abstract SyntaxNode? Fix(TNode node, Diagnostic diagnostic);

    private async Task<Document> Apply(Document document, TNode node, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        var changed = Fix(node, diagnostic) is { } replacement
            ? root.ReplaceNode(node, replacement)
            : root.RemoveNode(node, SyntaxRemoveOptions.KeepNoTrivia)!;
        return document.WithSyntaxRoot(changed);
    }
}
