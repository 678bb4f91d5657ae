using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArgminLayers.Generator.Lowering;

/// <summary>The layers that the methods of a namespace ask for, by name: read once in a compilation, because every objective has to know whether its name is taken.</summary>
internal static class LayerNames
{
    private static readonly ConditionalWeakTable<Compilation, ConcurrentDictionary<ISymbol, ILookup<string, IMethodSymbol>>> Known = new();

    /// <summary>The methods of a namespace that ask for a layer of that name.</summary>
    public static IEnumerable<IMethodSymbol> MethodsOf(string name, INamespaceSymbol space, Compilation compilation, CancellationToken cancellation) =>
        Known.GetValue(compilation, static _ => new(SymbolEqualityComparer.Default)).GetOrAdd(space, _ => Read(space, cancellation))[name];

    /// <summary>The name of the layer that a method's attribute asks for.</summary>
    public static string Of(AttributeData attribute, IMethodSymbol method) =>
        attribute.ConstructorArguments.Length == 1 && attribute.ConstructorArguments[0].Value is string name && name.Length > 0 ? name : method.Name + "Layer";

    private static ILookup<string, IMethodSymbol> Read(INamespaceSymbol space, CancellationToken cancellation)
    {
        var found = new List<(string Name, IMethodSymbol Method)>();
        var types = new Stack<INamedTypeSymbol>(space.GetTypeMembers());
        while (types.Count > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            var type = types.Pop();
            foreach (var nested in type.GetTypeMembers())
            {
                types.Push(nested);
            }

            // Only methods with an attribute are bound further.
            foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
            {
                if (method.DeclaringSyntaxReferences.Any(declared => declared.GetSyntax(cancellation) is MethodDeclarationSyntax { AttributeLists.Count: > 0 })
                    && method.GetAttributes().FirstOrDefault(a => KnownNames.FullName(a.AttributeClass) == KnownNames.LayerAttribute) is { } attribute)
                {
                    found.Add((Of(attribute, method), method));
                }
            }
        }

        return found.ToLookup(pair => pair.Name, pair => pair.Method);
    }
}
