using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArgminLayers.Generator.Lowering;

/// <summary>
/// The models of earlier runs, so that an objective's body is bound again only where that may change its model: when its own text has changed, that of a method
/// it calls, or a declaration anywhere. Binding is most of what a run costs, and the compiler asks for every model after every edit.
/// </summary>
/// <remarks>It holds the files of one compilation, the last, as the compiler does. Several threads may ask it.</remarks>
internal sealed class ModelMemory
{
    private readonly object gate = new();
    private readonly WeakReference<Compilation?> seen = new(null);
    private Epoch? epoch;

    /// <summary>The model of an objective, from an earlier run or else by lowering.</summary>
    /// <param name="method">The objective.</param>
    /// <param name="declaration">Its declaration.</param>
    /// <param name="compilation">The compilation that both are of.</param>
    /// <param name="lower">Lowers it.</param>
    public LayerModel? Model(IMethodSymbol method, MethodDeclarationSyntax declaration, Compilation compilation, Func<LoweringResult> lower)
    {
        // Of a partial method another declaration is read too.
        if (method.PartialDefinitionPart is not null || method.PartialImplementationPart is not null || method.IsPartialDefinition)
        {
            return lower().Model;
        }

        var (surface, models) = Now(compilation);
        var place = surface.PlaceOf(declaration);
        if (models.TryGetValue(place, out var known) && known.Read.All(body => surface.TextAt(body.Key) == body.Value))
        {
            return known.Model;
        }

        var lowered = lower();
        var read = new Dictionary<EquatableArray<int>, string> { [place] = declaration.ToFullString() };
        foreach (var body in lowered.Bodies)
        {
            read[surface.PlaceOf(body)] = body.ToFullString();
        }

        models[place] = new Remembered(lowered.Model, read);
        return lowered.Model;
    }

    private Epoch Now(Compilation compilation)
    {
        lock (gate)
        {
            if (epoch is null || !seen.TryGetTarget(out var last) || !ReferenceEquals(last, compilation))
            {
                var surface = new DeclarationSurface(compilation);
                epoch = new Epoch(surface, epoch is not null && surface.IsThatOf(epoch.Surface) ? epoch.Models : new());
                seen.SetTarget(compilation);
            }

            return epoch;
        }
    }

    /// <summary>Runs whose compilations have the same surface share their models.</summary>
    private sealed record Epoch(DeclarationSurface Surface, ConcurrentDictionary<EquatableArray<int>, Remembered> Models);

    /// <summary>A model, and the methods that were read for it: by place, the text.</summary>
    private sealed record Remembered(LayerModel? Model, IReadOnlyDictionary<EquatableArray<int>, string> Read);
}
