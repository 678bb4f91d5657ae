using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace ArgminLayers.CodeFixes;

/// <summary>Makes the objective, or the type around it that hides it, internal.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AccessibilityFix))]
public sealed class AccessibilityFix : SyntaxFix<MemberDeclarationSyntax>
{
    /// <summary>Creates the fix.</summary>
    public AccessibilityFix()
        : base("ARGMIN013")
    {
    }

    private protected override bool UsesAdditionalLocation => true;

    private protected override string? Title(MemberDeclarationSyntax node, Diagnostic diagnostic) => node switch
    {
        MethodDeclarationSyntax method => $"Make '{method.Identifier.ValueText}' internal",
        BaseTypeDeclarationSyntax type => $"Make '{type.Identifier.ValueText}' internal",
        _ => null,
    };

    private protected override SyntaxNode Fix(MemberDeclarationSyntax node, Diagnostic diagnostic)
    {
        var hidden = node.Modifiers.Where(modifier => modifier.Kind() is SyntaxKind.PrivateKeyword or SyntaxKind.ProtectedKeyword or SyntaxKind.FileKeyword).ToList();
        var word = Token(SyntaxKind.InternalKeyword);
        if (hidden.Count > 0)
        {
            // 'private protected' is two words: the first is replaced, the other goes.
            var replaced = node.Modifiers.Replace(hidden[0], word.WithTriviaFrom(hidden[0]));
            return node.WithModifiers(TokenList(replaced.Where(modifier => !hidden.Skip(1).Any(other => other.IsKind(modifier.Kind())))));
        }

        // The leading trivia is in front of the attributes, or of the first modifier or word.
        var first = node.Modifiers.Count > 0 ? node.Modifiers[0] : node.AttributeLists.Count > 0 ? default : node.GetFirstToken();
        if (node.Modifiers.Count > 0)
        {
            return node.WithModifiers(node.Modifiers.Replace(first, first.WithLeadingTrivia()).Insert(0, word.WithLeadingTrivia(first.LeadingTrivia).WithTrailingTrivia(Space)));
        }

        return node.WithModifiers(TokenList(word.WithTrailingTrivia(Space)));
    }
}
