using System.Collections.Generic;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <summary>A static method of the layer that evaluates a program.</summary>
/// <param name="Name">The method's name.</param>
/// <param name="Summary">Its summary, as XML.</param>
/// <param name="Returns">What it returns, as XML.</param>
/// <param name="Program">What it evaluates.</param>
/// <param name="Extra">The tensor parameters that it takes behind the variable, with their descriptions.</param>
/// <param name="Results">What its results are called.</param>
internal sealed record Piece(
    string Name, string Summary, string Returns, Program Program, IReadOnlyList<ExtraParameter> Extra, IReadOnlyList<string> Results)
{
    /// <summary>The parameters whose batch dimensions the results have, the first of them also where a result depends on none.</summary>
    public IReadOnlyList<Input> Leading { get; init; } = System.Array.Empty<Input>();

    /// <summary>Whether those parameters all have the same batch dimensions, rather than any that broadcast.</summary>
    public bool HasOneBatch { get; init; }

    /// <summary>The objective's other parameters that the method takes; null for all of them.</summary>
    public IReadOnlyCollection<string>? Needed { get; init; }

    /// <summary>Whether the method takes the variable.</summary>
    public bool TakesVariable { get; init; } = true;
}

/// <summary>A tensor parameter that is not the objective's.</summary>
internal sealed record ExtraParameter(Input Input, string Documentation);
