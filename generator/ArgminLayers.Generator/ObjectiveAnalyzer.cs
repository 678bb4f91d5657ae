using System.Collections.Immutable;
using System.Linq;
using ArgminLayers.Generator.Diagnostics;
using ArgminLayers.Generator.Lowering;
using ArgminLayers.Generator.Structure;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

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
        context.RegisterSymbolAction(Analyze, SymbolKind.Method);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        var attribute = method.GetAttributes().FirstOrDefault(a => KnownNames.FullName(a.AttributeClass) == KnownNames.LayerAttribute);
        if (attribute is null)
        {
            return;
        }

        var lowered = ObjectiveLowering.Lower(method, attribute, context.Compilation, context.CancellationToken);
        foreach (var finding in lowered.Findings.All)
        {
            context.ReportDiagnostic(finding.ToDiagnostic());
        }

        if (lowered.Model is { } model)
        {
            context.ReportDiagnostic(Judge(method, model, lowered));
        }
    }

    private static Diagnostic Judge(IMethodSymbol method, LayerModel model, LoweringResult lowered)
    {
        var location = method.Locations.FirstOrDefault() ?? Location.None;
        var analysis = Analyzer.Of(model.Objective, model.VariableName);
        var (kink, promise) = (analysis.Smoothness.Kink, analysis.Smoothness.MissingPromise);
        var kinkLocation = lowered.Locations.TryGetValue(analysis.Smoothness.KinkIndex, out var found) ? found : location;
        return Objections.To(analysis) switch
        {
            Objection.MissingPromise => Diagnostic.Create(
                Descriptors.MissingPromise, method.Parameters.First(parameter => parameter.Name == promise).Locations.FirstOrDefault() ?? location, promise, "at least 0", "NonNegative"),
            Objection.NotDifferentiable => Diagnostic.Create(Descriptors.NotDifferentiable, kinkLocation, model.VariableName, kink, Advice(kink)),
            Objection.Linear => Diagnostic.Create(Descriptors.Unbounded, location, model.VariableName),
            _ => Diagnostic.Create(Descriptors.Verdict, location, Verdict.Sentence(model, analysis)),
        };
    }

    private static string Advice(string kink) => kink switch
    {
        "abs" => "square it, or write a smooth form such as (x * x + delta * delta).sqrt()",
        "relu" => "square it, or write softplus",
        "norm" => "square it, or add a positive constant under the root, such as (x.square().sum() + delta * delta).sqrt()",
        "max" or "maximum" or "minimum" => "write a smooth form such as logsumexp",
        "sqrt" => "add a positive constant under the root",
        _ => "write a smooth form",
    };
}
