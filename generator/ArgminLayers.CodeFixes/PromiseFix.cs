using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace ArgminLayers.CodeFixes;

/// <summary>Adds [NonNegative] or [Positive], as the diagnostic says, to the parameter that it is about.</summary>
public abstract class PromiseFix : SyntaxFix<ParameterSyntax>
{
    /// <summary>The property of a diagnostic that names the attribute.</summary>
    internal const string Promise = "Promise";

    private protected PromiseFix(string id)
        : base(id)
    {
    }

    private protected sealed override bool UsesAdditionalLocation => true;

    private protected sealed override string? Title(ParameterSyntax node, Diagnostic diagnostic) =>
        diagnostic.Properties.TryGetValue(Promise, out var promise) ? $"Promise [{promise}] on '{node.Identifier.ValueText}'" : null;

    private protected sealed override SyntaxNode Fix(ParameterSyntax node, Diagnostic diagnostic)
    {
        var attribute = Attribute(ParseName(diagnostic.Properties[Promise]!));
        if (node.AttributeLists.Count > 0)
        {
            var last = node.AttributeLists[node.AttributeLists.Count - 1];
            return node.ReplaceNode(last, last.WithAttributes(
                last.Attributes.Add(attribute.WithLeadingTrivia(Space))));
        }

        var list = AttributeList(SingletonSeparatedList(attribute)).WithLeadingTrivia(node.GetLeadingTrivia()).WithTrailingTrivia(Space);
        return node.WithoutLeadingTrivia().AddAttributeLists(list);
    }
}

/// <summary>For objectives that would be differentiable with the promise.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SmoothnessPromiseFix))]
public sealed class SmoothnessPromiseFix : PromiseFix
{
    /// <summary>Creates the fix.</summary>
    public SmoothnessPromiseFix()
        : base("ARGMIN009")
    {
    }
}

/// <summary>For objectives that would be known to be convex with the promise.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ConvexityPromiseFix))]
public sealed class ConvexityPromiseFix : PromiseFix
{
    /// <summary>Creates the fix.</summary>
    public ConvexityPromiseFix()
        : base("ARGMIN018")
    {
    }
}
