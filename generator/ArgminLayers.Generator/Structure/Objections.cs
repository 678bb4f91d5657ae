namespace ArgminLayers.Generator.Structure;

/// <summary>Why a well-formed objective makes no layer.</summary>
internal enum Objection
{
    None,
    NotDifferentiable,
    MissingPromise,
    Linear,
    FreeDirection,
}

/// <summary>Objections to an objective as a whole.</summary>
internal static class Objections
{
    public static Objection To(Analysis analysis) =>
        analysis.Smoothness.Class == SmoothnessClass.NotDifferentiable
            ? analysis.Smoothness.MissingPromise.Length > 0 ? Objection.MissingPromise : Objection.NotDifferentiable
        : analysis.IsLinear ? Objection.Linear
        : analysis.CurvedDirections.Length > 0 ? Objection.FreeDirection
        : Objection.None;
}
