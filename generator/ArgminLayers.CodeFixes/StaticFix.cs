using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace ArgminLayers.CodeFixes;

/// <summary>Makes an objective static.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StaticFix))]
public sealed class StaticFix : SyntaxFix<MethodDeclarationSyntax>
{
    /// <summary>Creates the fix.</summary>
    public StaticFix()
        : base("ARGMIN014")
    {
    }

    private protected override string? Title(MethodDeclarationSyntax node, Diagnostic diagnostic) =>
        node.Modifiers.Any(SyntaxKind.StaticKeyword) || diagnostic.Location.SourceSpan != node.Identifier.Span ? null : $"Make '{node.Identifier.ValueText}' static";

    private protected override SyntaxNode Fix(MethodDeclarationSyntax node, Diagnostic diagnostic) =>
        node.WithModifiers(node.Modifiers.Add(Token(SyntaxKind.StaticKeyword).WithTrailingTrivia(Space)));
}
