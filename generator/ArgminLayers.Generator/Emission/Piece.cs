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
    /// <summary>What the first tensor parameter is, the one whose batch the result has.</summary>
    public Input? Leading { get; init; }

    /// <summary>Whether the method takes the variable.</summary>
    public bool TakesVariable { get; init; } = true;
}

/// <summary>A tensor parameter that is not the objective's.</summary>
internal sealed record ExtraParameter(Input Input, string Documentation);
