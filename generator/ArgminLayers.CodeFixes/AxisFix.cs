using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace ArgminLayers.CodeFixes;

/// <summary><c>sum(0)</c>, which binds to a dtype, becomes <c>sum(dim: 0)</c>; <c>mean(0)</c> becomes <c>mean([0])</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AxisFix))]
public sealed class AxisFix : SyntaxFix<ArgumentSyntax>
{
    /// <summary>Creates the fix.</summary>
    public AxisFix()
        : base("ARGMIN010")
    {
    }

    private protected override string? Title(ArgumentSyntax node, Diagnostic diagnostic) =>
        node is { NameColon: null, Expression: LiteralExpressionSyntax { Token.ValueText: "0" } } && Name(node) is "sum" or "mean"
            ? $"Write '{Name(node)}({Fix(node, diagnostic)})'"
            : null;

    private protected override SyntaxNode Fix(ArgumentSyntax node, Diagnostic diagnostic) => Name(node) == "sum"
        ? node.WithNameColon(NameColon(IdentifierName("dim"), Token(SyntaxKind.ColonToken).WithTrailingTrivia(Space)))
        : node.WithExpression(CollectionExpression(SingletonSeparatedList<CollectionElementSyntax>(ExpressionElement(node.Expression))));

    private static string Name(ArgumentSyntax node) => node.Parent?.Parent is InvocationExpressionSyntax call
        ? call.Expression switch
        {
            MemberAccessExpressionSyntax member => member.Name.Identifier.ValueText,
            IdentifierNameSyntax name => name.Identifier.ValueText,
            _ => "",
        }
        : "";
}
