using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArgminLayers.CodeFixes;

/// <summary>Removes a parameter that the objective does not use.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(UnusedParameterFix))]
public sealed class UnusedParameterFix : SyntaxFix<ParameterSyntax>
{
    /// <summary>Creates the fix.</summary>
    public UnusedParameterFix()
        : base("ARGMIN019")
    {
    }

    private protected override string Title(ParameterSyntax node, Diagnostic diagnostic) => $"Remove '{node.Identifier.ValueText}'";

    private protected override SyntaxNode? Fix(ParameterSyntax node, Diagnostic diagnostic) => null;
}
