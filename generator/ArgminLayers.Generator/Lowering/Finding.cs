using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace ArgminLayers.Generator.Lowering;

/// <summary>A diagnostic before it is one, with the compiler's locations: never part of a model.</summary>
internal sealed record Finding(DiagnosticDescriptor Descriptor, Location Location, object[] Arguments, Location? Origin)
{
    public Diagnostic ToDiagnostic() =>
        Diagnostic.Create(Descriptor, Location, Origin is null ? null : new[] { Origin }, Arguments);
}

/// <summary>Collects everything that is wrong with an objective.</summary>
internal sealed class Findings
{
    private readonly List<Finding> list = new();
    private readonly Stack<Location> calls = new();

    public IReadOnlyList<Finding> All => list;

    /// <summary>Whether no code may be generated. Code that does not compile fails without a finding: the compiler says why.</summary>
    public bool Failed { get; private set; }

    public void Fail() => Failed = true;

    public void Report(DiagnosticDescriptor descriptor, Location location, params object[] arguments)
    {
        Failed = true;

        // Inside an inlined method the call is the primary location, the callee's operation an additional one.
        list.Add(calls.Count == 0
            ? new Finding(descriptor, location, arguments, null)
            : new Finding(descriptor, Primary(location), arguments, location));
    }

    /// <summary>Reports something that is to be mended in another place.</summary>
    public void ReportWithOrigin(DiagnosticDescriptor descriptor, Location location, Location? origin, params object[] arguments)
    {
        Failed = true;
        list.Add(new Finding(descriptor, location, arguments, origin));
    }

    /// <summary>Where a reader finds an operation: itself, or the call whose inlined method holds it.</summary>
    public Location Primary(Location location) => calls.Count == 0 ? location : calls.ToArray()[calls.Count - 1];

    public void Enter(Location call) => calls.Push(call);

    public void Leave() => calls.Pop();
}
