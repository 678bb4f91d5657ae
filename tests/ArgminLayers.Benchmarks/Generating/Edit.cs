namespace ArgminLayers.Benchmarks.Generating;

/// <summary>What happens before the run that is measured.</summary>
internal enum Edit
{
    /// <summary>Nothing ran before.</summary>
    FromNothing,

    /// <summary>Another file was edited.</summary>
    Elsewhere,

    /// <summary>One objective was edited.</summary>
    InOneObjective,
}
