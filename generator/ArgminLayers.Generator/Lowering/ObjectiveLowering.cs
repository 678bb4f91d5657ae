using System.Collections.Generic;
using System.Linq;
using System.Threading;
using ArgminLayers.Generator.Diagnostics;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArgminLayers.Generator.Lowering;

/// <summary>From an annotated method to a model: signature first, then the body.</summary>
internal static class ObjectiveLowering
{
    /// <summary>Lowers a method. Everything that is wrong with it is found at once.</summary>
    /// <param name="method">The annotated method.</param>
    /// <param name="attribute">Its [ArgminLayer].</param>
    /// <param name="compilation">Where it and the methods it calls are.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <param name="bound">The method's body, where it is bound already.</param>
    public static LoweringResult Lower(
        IMethodSymbol method, AttributeData attribute, Compilation compilation, CancellationToken cancellation, IMethodBodyOperation? bound = null)
    {
        var findings = new Findings();
        var signature = new SignatureReader(method, attribute, compilation, findings, cancellation);
        var parameters = signature.Read();
        if (findings.Failed)
        {
            return new LoweringResult(null, findings, None, System.Array.Empty<MethodDeclarationSyntax>());
        }

        var builder = new ProgramBuilder();
        var arguments = parameters.Select(parameter => builder.Input(parameter.Input)).ToArray();
        var body = new BodyLowering(builder, compilation, findings, cancellation);
        var result = body.Inline(method, arguments, signature.Location, bound);
        if (result is not { } objective || findings.Failed)
        {
            findings.Fail();
            return new LoweringResult(null, findings, None, body.Bodies);
        }

        var variable = parameters.First(parameter => parameter.Kind == ParameterKind.Variable);
        if (builder[objective].Rank != 0)
        {
            findings.Report(Descriptors.NotScalar, signature.ReturnLocation, ShapeText.Of(builder[objective].Axes));
        }
        else if (builder.Build(objective).InputIndex(variable.Name) < 0)
        {
            findings.Report(Descriptors.IndependentOfVariable, signature.Location, variable.Name);
        }

        if (findings.Failed)
        {
            return new LoweringResult(null, findings, None, body.Bodies);
        }

        var program = builder.Build(out var map, objective);
        var locations = body.Locations.Where(pair => map[pair.Key] >= 0).ToDictionary(pair => map[pair.Key], pair => pair.Value);
        LocateSteps(program, locations);
        foreach (var ragged in parameters.Where(parameter => parameter.Ragged is not null))
        {
            foreach (var (value, operation) in RaggedAxis.Objections(program, ragged.Ragged!))
            {
                findings.Report(
                    Descriptors.RaggedAxis, locations.TryGetValue(value, out var place) ? place : signature.Location, operation, ragged.Ragged!, ragged.Name);
            }

            if (findings.Failed)
            {
                return new LoweringResult(null, findings, None, body.Bodies);
            }

            (program, var masked) = RaggedAxis.Mask(program, ragged.Ragged!, ragged.Input);
            locations = locations.Where(pair => masked[pair.Key] >= 0).GroupBy(pair => masked[pair.Key]).ToDictionary(group => group.Key, group => group.First().Value);
        }

        return new LoweringResult(signature.Model(parameters, program), findings, locations, body.Bodies);
    }

    /// <summary>What an operation is made of stands where the operation does.</summary>
    private static void LocateSteps(Program program, Dictionary<int, Location> locations)
    {
        var user = new int?[program.Nodes.Count];
        for (var i = program.Nodes.Count - 1; i >= 0; i--)
        {
            if (program.Nodes[i] is not Leaf && !locations.ContainsKey(i) && user[i] is { } next && locations.TryGetValue(next, out var location))
            {
                locations.Add(i, location);
            }

            foreach (var operand in program.Nodes[i].Operands)
            {
                user[operand] = i;
            }
        }
    }

    private static readonly IReadOnlyDictionary<int, Location> None = new Dictionary<int, Location>();
}

/// <summary>What lowering found.</summary>
/// <param name="Model">The model, or null where something is wrong.</param>
/// <param name="Findings">What is wrong.</param>
/// <param name="Locations">Where the model's program computes its values; for diagnostics only.</param>
/// <param name="Bodies">The methods whose bodies were read, the objective among them.</param>
internal sealed record LoweringResult(
    LayerModel? Model, Findings Findings, IReadOnlyDictionary<int, Location> Locations, IReadOnlyCollection<MethodDeclarationSyntax> Bodies);

/// <summary>Shapes as messages show them.</summary>
internal static class ShapeText
{
    public static string Of(EquatableArray<Extent> axes) => axes.Count switch
    {
        0 => "() (a scalar)",
        1 => $"({axes[0]},)",
        _ => $"({string.Join(", ", axes)})",
    };
}
