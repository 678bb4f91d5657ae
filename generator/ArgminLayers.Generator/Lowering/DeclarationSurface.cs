using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArgminLayers.Generator.Lowering;

/// <summary>
/// All of a compilation that the binding of a method's body can see besides that body: references, options, and every token of every file that is not
/// in the body of another member. Bodies are what no other declaration depends on: constants, default values and attributes stand outside of them.
/// </summary>
/// <remarks>
/// <see cref="SyntaxFactory.AreEquivalent(SyntaxTree, SyntaxTree, bool)"/> asks the same of two files; but compilers differ in the tokens that it compares,
/// and raw strings, which may be constants, are not among them everywhere.
/// </remarks>
internal sealed class DeclarationSurface
{
    private readonly ImmutableArray<MetadataReference> references;
    private readonly CompilationOptions options;
    private readonly string? assembly;
    private readonly SyntaxTree[] trees;
    private Dictionary<SyntaxTree, int>? places;

    public DeclarationSurface(Compilation compilation)
    {
        references = compilation.ExternalReferences;
        options = compilation.Options;
        assembly = compilation.AssemblyName;
        trees = compilation.SyntaxTrees.ToArray();
    }

    /// <summary>Whether a body that is the same in both compilations binds to the same in both, and its place is the same.</summary>
    public bool IsThatOf(DeclarationSurface other)
    {
        if (trees.Length != other.trees.Length || assembly != other.assembly || !options.Equals(other.options) || !references.SequenceEqual(other.references))
        {
            return false;
        }

        for (var k = 0; k < trees.Length; k++)
        {
            if (!ReferenceEquals(trees[k], other.trees[k]) && !(trees[k].Options.Equals(other.trees[k].Options) && DeclareTheSame(trees[k].GetRoot(), other.trees[k].GetRoot())))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Where a method is declared: the number of its file, and its number and those of the types and namespaces around it among their siblings.</summary>
    public EquatableArray<int> PlaceOf(MethodDeclarationSyntax method)
    {
        places ??= Enumerable.Range(0, trees.Length).ToDictionary(k => trees[k]);
        var path = new List<int>();
        for (SyntaxNode node = method; node.Parent is { } parent; node = parent)
        {
            path.Add(Members(parent).IndexOf((MemberDeclarationSyntax)node));
        }

        path.Add(places[method.SyntaxTree]);
        path.Reverse();
        return path.ToEquatable();
    }

    /// <summary>The text of the method at a place that another compilation with the same surface named, with its comments.</summary>
    public string TextAt(EquatableArray<int> place)
    {
        var node = trees[place[0]].GetRoot();
        for (var k = 1; k < place.Count; k++)
        {
            node = Members(node)[place[k]];
        }

        return node.ToFullString();
    }

    private static SyntaxList<MemberDeclarationSyntax> Members(SyntaxNode node) => node switch
    {
        CompilationUnitSyntax file => file.Members,
        BaseNamespaceDeclarationSyntax space => space.Members,
        TypeDeclarationSyntax type => type.Members,
        _ => default,
    };

    private static bool DeclareTheSame(SyntaxNode left, SyntaxNode right)
    {
        if (left.IsIncrementallyIdenticalTo(right))
        {
            return true;
        }

        if (left.RawKind != right.RawKind)
        {
            return false;
        }

        if (IsBody(left))
        {
            return true;
        }

        var (lefts, rights) = (left.ChildNodesAndTokens(), right.ChildNodesAndTokens());
        if (lefts.Count != rights.Count)
        {
            return false;
        }

        using var rest = ((IEnumerable<SyntaxNodeOrToken>)rights).GetEnumerator();
        foreach (var one in lefts)
        {
            rest.MoveNext();
            var other = rest.Current;
            var same = one.AsNode() is { } node
                ? other.AsNode() is { } otherNode && DeclareTheSame(node, otherNode)
                : other.IsToken && IsSame(one.AsToken(), other.AsToken());
            if (!same)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSame(SyntaxToken left, SyntaxToken right) => left.RawKind == right.RawKind && left.IsMissing == right.IsMissing && left.Text == right.Text;

    private static bool IsBody(SyntaxNode node) =>
        node is BlockSyntax or ArrowExpressionClauseSyntax && node.Parent is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or BasePropertyDeclarationSyntax;
}
