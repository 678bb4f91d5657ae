namespace ArgminLayers.Benchmarks.Generating;

/// <summary>What happens before the run that is measured.</summary>
internal enum Edit
{
    /// <summary>Nothing ran before.</summary>
    FromNothing,

    /// <summary>Another file was edited, in the body of a member.</summary>
    Elsewhere,

    /// <summary>Another file was edited, and declares something else.</summary>
    DeclarationElsewhere,

    /// <summary>One objective was edited.</summary>
    InOneObjective,
}
