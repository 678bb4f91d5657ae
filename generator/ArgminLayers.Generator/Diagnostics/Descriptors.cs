using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace ArgminLayers.Generator.Diagnostics;

/// <summary>Every diagnostic. Each has a page in <c>generator/rules</c> and a line in the release files.</summary>
internal static class Descriptors
{
    public const string Category = "ArgminLayers";

    public static readonly DiagnosticDescriptor UnsupportedOperation = Error(
        "ARGMIN001", "Operation not supported in an objective", "The objective cannot be differentiated: {0}");

    public static readonly DiagnosticDescriptor ShapeMismatch = Error(
        "ARGMIN002", "Shapes do not fit", "{0} does not fit shapes {1} and {2}");

    public static readonly DiagnosticDescriptor NotScalar = Error(
        "ARGMIN003", "Objective is not a scalar", "The objective returns a tensor of shape {0}; a layer minimises a single number, so sum it or take its mean");

    public static readonly DiagnosticDescriptor ArgminParameter = Error(
        "ARGMIN004", "Not exactly one [Argmin] parameter", "'{0}' has {1} tensor parameters with [Argmin]; mark exactly one, the variable to minimise over");

    public static readonly DiagnosticDescriptor InvalidShape = Error(
        "ARGMIN005", "Missing or invalid [Shape]", "Parameter '{0}' {1}");

    public static readonly DiagnosticDescriptor UndeterminedExtent = Error(
        "ARGMIN006", "Extent of the variable is not determined", "No input has an axis of extent '{0}', so the layer cannot know the size of '{1}'");

    public static readonly DiagnosticDescriptor IndependentOfVariable = Error(
        "ARGMIN007", "Objective does not depend on the variable", "The objective does not depend on '{0}', so every value of it is a minimiser");

    public static readonly DiagnosticDescriptor NotDifferentiable = Error(
        "ARGMIN008", "Objective is not differentiable", "The objective is not differentiable in '{0}' at a kink of {1}; {2}");

    public static readonly DiagnosticDescriptor MissingPromise = Error(
        "ARGMIN009", "A promise is missing", "The objective is differentiable only if '{0}' is {1}; promise that with [{2}]");

    public static readonly DiagnosticDescriptor ExplicitType = Error(
        "ARGMIN010", "A dtype is given, perhaps by mistake", "{0}");

    public static readonly DiagnosticDescriptor NameCollision = Error(
        "ARGMIN011", "Names collide in the layer", "'{0}' collides with {1}; rename it");

    public static readonly DiagnosticDescriptor InputCount = Error(
        "ARGMIN012", "No tensor input or too many", "The objective has {0} tensor inputs beside '{1}'; a layer takes one to six");

    public static readonly DiagnosticDescriptor Inaccessible = Error(
        "ARGMIN013", "Objective is private or generic", "No layer can be generated for '{0}': {1}");

    public static readonly DiagnosticDescriptor Signature = Error(
        "ARGMIN014", "Signature of an objective", "'{0}' {1}");

    public static readonly DiagnosticDescriptor Unbounded = Error(
        "ARGMIN015", "Objective is linear in the variable", "The objective is linear in '{0}', so it has no minimum; add a term that grows, such as 0.5 * {0}.dot({0})");

    public static readonly DiagnosticDescriptor Verdict = Create("ARGMIN016", DiagnosticSeverity.Info, "What the objective is", "{0}");

    public static readonly DiagnosticDescriptor FreeDirection = Error(
        "ARGMIN017", "A direction of the variable is free", "Only {0} combinations of the {1} numbers of '{2}' are curved, so the Hessian is singular everywhere and no minimiser is unique; regularise '{2}', for example with 0.5 * {2}.dot({2})");

    public static readonly DiagnosticDescriptor CurvatureUnknown = Create(
        "ARGMIN018", DiagnosticSeverity.Info, "Convexity is not shown", "The objective is not known to be convex: {0}. A minimum that the solver finds may be a local one{1}.");

    public static readonly DiagnosticDescriptor UnusedParameter = Create(
        "ARGMIN019", DiagnosticSeverity.Warning, "Parameter is not used", "'{0}' is not used by the objective, so the minimiser does not depend on it; use it or remove it");

    public static readonly DiagnosticDescriptor InapplicableOption = Create(
        "ARGMIN020", DiagnosticSeverity.Warning, "Option does not apply to the layer", "{0}, which '{1}' has not: {2}; use {3}");

    public static readonly DiagnosticDescriptor RaggedAxis = Error(
        "ARGMIN021", "Operation has no meaning on a ragged extent", "Along the ragged extent '{1}' {0} has no meaning: what it gives would depend on the padding behind '{2}'");

    /// <summary>All of them, in the order of their ids.</summary>
    public static readonly ImmutableArray<DiagnosticDescriptor> All = ImmutableArray.Create(
        UnsupportedOperation, ShapeMismatch, NotScalar, ArgminParameter, InvalidShape, UndeterminedExtent, IndependentOfVariable, NotDifferentiable,
        MissingPromise, ExplicitType, NameCollision, InputCount, Inaccessible, Signature, Unbounded, Verdict,
        FreeDirection, CurvatureUnknown, UnusedParameter, InapplicableOption, RaggedAxis);

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        Create(id, DiagnosticSeverity.Error, title, message);

    private static DiagnosticDescriptor Create(string id, DiagnosticSeverity severity, string title, string message) =>
        new(id, title, message, Category, severity, true, helpLinkUri: Link(id));

    private static string Link(string id) => $"https://github.com/argminlayers/argminlayers/blob/main/generator/rules/{id}.md";
}
