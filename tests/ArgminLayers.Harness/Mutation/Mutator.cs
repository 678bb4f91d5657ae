using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace ArgminLayers.Harness.Mutation;

/// <summary>A change of generated code that makes it wrong.</summary>
/// <param name="What">What was changed, and where.</param>
/// <param name="Tree">The changed file.</param>
internal sealed record Mutant(string What, SyntaxTree Tree);

/// <summary>Small faults in the pieces of a generated layer: a term less, another sign, a factor the other way round.</summary>
internal static class Mutator
{
    private static readonly Dictionary<string, string> Replaced = new()
    {
        ["add"] = "sub", ["sub"] = "add", ["mul"] = "div", ["div"] = "mul", ["exp"] = "expm1", ["sin"] = "cos", ["cos"] = "sin", ["lt"] = "gt", ["gt"] = "lt", ["le"] = "ge", ["ge"] = "le",
    };

    /// <summary>Every mutant of the static pieces that compute: those that return tensors, or factors of them.</summary>
    public static IEnumerable<Mutant> Of(SyntaxTree tree)
    {
        var root = tree.GetRoot();
        var pieces = root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(method => method.Modifiers.Any(SyntaxKind.StaticKeyword));
        foreach (var method in pieces)
        {
            foreach (var call in method.DescendantNodes().OfType<InvocationExpressionSyntax>())
            {
                if (call.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: var name } member)
                {
                    foreach (var (what, with) in Changes(call, member, name))
                    {
                        var line = call.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
                        yield return new Mutant(
                            $"{method.Identifier.Text}, line {line}: {what} {name}({call.ArgumentList.Arguments})",
                            tree.WithRootAndOptions(root.ReplaceNode(call, with.WithTriviaFrom(call)), tree.Options));
                    }
                }
            }
        }
    }

    private static IEnumerable<(string What, ExpressionSyntax With)> Changes(InvocationExpressionSyntax call, MemberAccessExpressionSyntax member, string name)
    {
        // What changes nothing is no fault: zeros and ones that give a value its extents have no sign and no inverse, and signs are their own inverse.
        var argument = call.ArgumentList.Arguments.Count > 0 ? call.ArgumentList.Arguments[0].ToString() : "";
        var isNeutral = argument.StartsWith("torch.zeros", StringComparison.Ordinal) || argument.StartsWith("torch.ones", StringComparison.Ordinal);
        var isSign = name == "mul" && (argument == "sign" || argument.EndsWith(".sign()", StringComparison.Ordinal));
        if (name is "add" or "sub" or "mul" or "neg" && !isNeutral && member.Expression is not IdentifierNameSyntax { Identifier.Text: "torch" })
        {
            yield return ("without", member.Expression);
        }

        if (Replaced.TryGetValue(name, out var other) && call.ArgumentList.Arguments.Count is 1 or 2 && !isNeutral && !isSign)
        {
            var arguments = name == "add" ? ArgumentList(SingletonSeparatedList(call.ArgumentList.Arguments[0]))
                : call.ArgumentList;
            yield return ($"{other} for", InvocationExpression(member.WithName(IdentifierName(other)), arguments));
        }

        // A factor that both sides of a product can be transposed in; where the shapes then do not fit, the mutant dies of that.
        if (name == "matmul")
        {
            yield return ("the first factor transposed in", call.WithExpression(member.WithExpression(Transposed(member.Expression))));
        }

        if (name == "transpose")
        {
            yield return ("without", member.Expression);
        }
    }

    private static ExpressionSyntax Transposed(ExpressionSyntax factor) =>
        MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, ParenthesizedExpression(factor), IdentifierName("mT"));
}
