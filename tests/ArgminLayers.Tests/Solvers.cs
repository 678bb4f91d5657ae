namespace ArgminLayers.Tests;

/// <summary>The solvers that a layer has of its own.</summary>
internal static class Solvers
{
    public static readonly SolverKind[] All = [.. Enum.GetValues<SolverKind>().Where(kind => kind != SolverKind.Supplied)];
}
