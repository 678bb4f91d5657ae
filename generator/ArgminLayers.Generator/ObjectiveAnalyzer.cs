using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using ArgminLayers.Generator.Diagnostics;
using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Programs;
using ArgminLayers.Generator.Structure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator;

/// <summary>Reports everything that is wrong with an objective, or else what the compiler found out about it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ObjectiveAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Descriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(AnalyzeBody, OperationKind.MethodBody);
        context.RegisterSymbolAction(AnalyzeWithoutBody, SymbolKind.Method);
        context.RegisterOperationAction(static creation => LayerOptions.Check(creation), OperationKind.ObjectCreation);
    }

    /// <summary>With the body that the compiler has bound for its own errors: binding is most of the work.</summary>
    private static void AnalyzeBody(OperationAnalysisContext context)
    {
        if (context.ContainingSymbol is IMethodSymbol { PartialDefinitionPart: null } method)
        {
            Analyze(method, (IMethodBodyOperation)context.Operation, context.Compilation, context.ReportDiagnostic, context.CancellationToken);
        }
    }

    private static void AnalyzeWithoutBody(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (BodyLowering.DeclarationWithBody(method, context.CancellationToken) is null)
        {
            Analyze(method, null, context.Compilation, context.ReportDiagnostic, context.CancellationToken);
        }
    }

    private static void Analyze(IMethodSymbol method, IMethodBodyOperation? body, Compilation compilation, Action<Diagnostic> report, CancellationToken cancellation)
    {
        var attribute = method.GetAttributes().FirstOrDefault(a => KnownNames.FullName(a.AttributeClass) == KnownNames.LayerAttribute);
        if (attribute is null)
        {
            return;
        }

        var lowered = ObjectiveLowering.Lower(method, attribute, compilation, cancellation, body);
        foreach (var finding in lowered.Findings.All)
        {
            report(finding.ToDiagnostic());
        }

        if (lowered.Model is { } model)
        {
            foreach (var diagnostic in Judge(method, model, lowered))
            {
                report(diagnostic);
            }
        }
    }

    private static IEnumerable<Diagnostic> Judge(IMethodSymbol method, LayerModel model, LoweringResult lowered)
    {
        var location = method.Locations.FirstOrDefault() ?? Location.None;
        var y = model.VariableName;
        var analysis = DeepStack.Run(model.Objective.Nodes.Count, () => Analyzer.Of(model.Objective, y));
        var (kink, promise) = (analysis.Smoothness.Kink, analysis.Smoothness.MissingPromise);
        Location At(int value) => lowered.Locations.TryGetValue(value, out var found) ? found : location;
        Location Of(string parameter) => method.Parameters.First(p => p.Name == parameter).Locations.FirstOrDefault() ?? location;
        switch (Objections.To(analysis))
        {
            case Objection.MissingPromise:
                yield return WithPromise(
                    Descriptors.MissingPromise, Of(promise), Of(promise), analysis.Smoothness.Promise,
                    promise, analysis.Smoothness.Promise == Promise.Positive ? "greater than 0" : "at least 0", analysis.Smoothness.Promise.ToString());
                yield break;
            case Objection.NotDifferentiable:
                yield return Diagnostic.Create(Descriptors.NotDifferentiable, At(analysis.Smoothness.KinkIndex), y, kink, Advice(kink));
                yield break;
            case Objection.Linear:
                yield return Diagnostic.Create(Descriptors.Unbounded, location, y);
                yield break;
            case Objection.FreeDirection:
                var size = model.Parameters.First(parameter => parameter.Kind == ParameterKind.Variable).Axes[0];
                yield return Diagnostic.Create(Descriptors.FreeDirection, location, analysis.CurvedDirections, size, y);
                yield break;
        }

        yield return Diagnostic.Create(Descriptors.Verdict, location, Verdict.Sentence(model, analysis));
        if (!analysis.Curvature.IsConvex)
        {
            var curvature = analysis.Curvature;
            var culprit = curvature.Culprit.Length > 0 ? $"no rule shows the curvature of {curvature.Culprit}" : "it curves downwards";
            yield return curvature.Parameter.Length == 0
                ? Diagnostic.Create(Descriptors.CurvatureUnknown, At(curvature.CulpritIndex), culprit, "")
                : WithPromise(
                    Descriptors.CurvatureUnknown, At(curvature.CulpritIndex), Of(curvature.Parameter), curvature.Promise, culprit,
                    $"; with [{curvature.Promise}] on '{curvature.Parameter}' it is convex");
        }

        foreach (var parameter in model.Parameters.Where(parameter => model.Objective.InputIndex(parameter.Name) < 0 && !SizesVariable(model, parameter)))
        {
            yield return Diagnostic.Create(Descriptors.UnusedParameter, Of(parameter.Name), parameter.Name);
        }
    }

    /// <summary>Whether the parameter alone says how large the variable is.</summary>
    private static bool SizesVariable(LayerModel model, ParameterModel parameter) =>
        model.Parameters.First(other => other.Kind == ParameterKind.Variable).Axes.SelectMany(axis => axis.Symbols()).Any(symbol =>
            parameter.Axes.Any(axis => axis.Symbol == symbol)
            && !model.Parameters.Any(other => other.Kind == ParameterKind.Tensor && other != parameter && other.Axes.Any(axis => axis.Symbol == symbol)));

    /// <summary>A diagnostic that a promise on a parameter removes; what the code fix needs goes along.</summary>
    private static Diagnostic WithPromise(DiagnosticDescriptor descriptor, Location location, Location parameter, Promise promise, params object[] arguments) =>
        Diagnostic.Create(
            descriptor, location, new[] { parameter }, ImmutableDictionary<string, string?>.Empty.Add(nameof(Promise), promise.ToString()), arguments);

    private static string Advice(string kink) => kink switch
    {
        "abs" => "square it, or write a smooth form such as (x * x + delta * delta).sqrt()",
        "relu" => "square it, or write softplus",
        "norm" => "square it, or add a positive constant under the root, such as (x.square().sum() + delta * delta).sqrt()",
        "max" or "maximum" or "minimum" => "write a smooth form such as logsumexp",
        "where" => "let both branches vanish with their first derivatives where the condition changes, or write relu or softplus",
        "sqrt" => "add a positive constant under the root",
        _ => "write a smooth form",
    };
}
