using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Xml;
using System.Xml.Linq;
using ArgminLayers.Generator.Diagnostics;
using ArgminLayers.Generator.Programs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArgminLayers.Generator.Lowering;

/// <summary>Reads and checks everything about an objective but its body.</summary>
internal sealed class SignatureReader
{
    /// <summary>Members of the layer, which a number's property must not be called like.</summary>
    private static readonly string[] MemberNames =
    {
        "Name", "Training", "Forward", "Call", "Solve", "ThrowIfFailed", "Check", "Info", "Problem", "Dispose", "GetName", "Equals", "ToString", "GetType", "GetHashCode",
        "Objective", "Gradient", "Hessian", "HessianDiagonal", "HessianVectorProduct", "Factors", "Blocks", "MixedVjp", "MixedVjpAt",
        "Phi", "PhiGradient", "PhiCurvature", "PhiHessian", "PhiPieces", "PhiDerivatives", "Pieces", "Zero", "One", "Two", "Three", "Four", "Half", "MinusOne", "MinusHalf", "MinusTwo",
    };

    /// <summary>Parameters that the layer's members add to the objective's, and names that their bodies need.</summary>
    private static readonly string[] ParameterNames =
    {
        "options", "start", "point", "wanted", "predictors", "inputs", "solver", "scope", "results", "torch", "Tensor", "Scalar", "global",
    };

    private readonly IMethodSymbol method;
    private readonly AttributeData attribute;
    private readonly Compilation compilation;
    private readonly Findings findings;
    private readonly CancellationToken cancellation;

    public SignatureReader(IMethodSymbol method, AttributeData attribute, Compilation compilation, Findings findings, CancellationToken cancellation)
    {
        this.method = method;
        this.attribute = attribute;
        this.compilation = compilation;
        this.findings = findings;
        this.cancellation = cancellation;
        Location = method.Locations.FirstOrDefault(location => location.IsInSource) ?? Location.None;
    }

    public Location Location { get; }

    /// <summary>The method's return type in the source.</summary>
    public Location ReturnLocation =>
        method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is MethodDeclarationSyntax declaration
            ? declaration.ReturnType.GetLocation()
            : Location;

    private string ClassName => LayerNames.Of(attribute, method);

    public IReadOnlyList<ParameterModel> Read()
    {
        CheckMethod();
        var documentation = Documentation();
        var parameters = new List<ParameterModel>();
        foreach (var parameter in method.Parameters)
        {
            if (Read(parameter, Inner(documentation?.Elements("param").FirstOrDefault(e => e.Attribute("name")?.Value == parameter.Name))) is { } model)
            {
                parameters.Add(model);
            }
        }

        if (!findings.Failed)
        {
            CheckTogether(parameters);
        }

        return parameters;
    }

    public LayerModel Model(IReadOnlyList<ParameterModel> parameters, Program objective) => new(
        method.ContainingNamespace is { IsGlobalNamespace: false } space ? space.ToDisplayString() : "",
        ClassName,
        IsPublic(),
        method.Name,
        KnownNames.FullName(method.ContainingType),
        Inner(Documentation()?.Element("summary")),
        parameters.ToEquatable(),
        objective);

    private void CheckMethod()
    {
        if (!method.IsStatic)
        {
            findings.Report(Descriptors.Signature, Location, method.Name, "must be static: an objective has no state");
        }

        if (method.ReturnType.TypeKind == TypeKind.Error)
        {
            findings.Fail();
        }
        else if (method.IsAsync || method.ReturnsByRef || method.ReturnsByRefReadonly || !KnownNames.IsTensor(method.ReturnType))
        {
            findings.Report(Descriptors.Signature, ReturnLocation, method.Name, $"must return a Tensor, not '{method.ReturnType.ToDisplayString()}'");
        }

        if (method.IsGenericMethod)
        {
            findings.Report(Descriptors.Inaccessible, Location, method.Name, "the method is generic");
        }

        if (method.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal)
        {
            findings.ReportWithOrigin(Descriptors.Inaccessible, Location, Location, method.Name, "the method is not visible outside its type; make it internal or public");
        }

        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.IsGenericType)
            {
                findings.Report(Descriptors.Inaccessible, Location, method.Name, $"its type '{type.Name}' is generic");
            }

            if (type.IsFileLocal || type.DeclaredAccessibility is Accessibility.Private or Accessibility.Protected or Accessibility.ProtectedAndInternal)
            {
                findings.ReportWithOrigin(Descriptors.Inaccessible, Location, type.Locations.FirstOrDefault(), method.Name, $"its type '{type.Name}' is private; make it internal or public");
            }
        }
    }

    private ParameterModel? Read(IParameterSymbol parameter, string documentation)
    {
        var location = parameter.Locations.FirstOrDefault() ?? Location;
        if (parameter.Type.TypeKind == TypeKind.Error)
        {
            findings.Fail();
            return null;
        }

        if (parameter.RefKind != RefKind.None || parameter.IsParams)
        {
            findings.Report(Descriptors.Signature, location, method.Name, $"takes '{parameter.Name}' by reference or as params; pass it by value");
            return null;
        }

        var promise = Has(parameter, KnownNames.PositiveDefiniteAttribute) ? Promise.PositiveDefinite
            : Has(parameter, KnownNames.PositiveAttribute) ? Promise.Positive
            : Has(parameter, KnownNames.NonNegativeAttribute) ? Promise.NonNegative
            : Promise.None;
        var fill = parameter.GetAttributes().FirstOrDefault(a => KnownNames.FullName(a.AttributeClass) == KnownNames.DefaultAttribute)
            ?.ConstructorArguments.FirstOrDefault().Value as double?;
        if (fill is { } value && InputRules.ToDefault(parameter, promise, value) is { } objection)
        {
            findings.Report(Descriptors.Signature, location, method.Name, $"has [Default] on '{parameter.Name}', {objection}");
            return null;
        }

        if (KnownNames.IsTensor(parameter.Type))
        {
            var isVariable = Has(parameter, KnownNames.ArgminAttribute);
            var shape = Axes(parameter, location);
            if (promise == Promise.PositiveDefinite && shape is { } given && InputRules.ToDefinite(parameter, isVariable, given) is { } objected)
            {
                findings.Report(Descriptors.Signature, location, method.Name, $"has [PositiveDefinite] on '{parameter.Name}', {objected}");
                return null;
            }

            return shape is { } axes
                ? new ParameterModel(parameter.Name, isVariable ? ParameterKind.Variable : ParameterKind.Tensor, axes, promise, "", documentation)
                {
                    Fill = fill,
                    Ragged = parameter.GetAttributes().FirstOrDefault(a => KnownNames.FullName(a.AttributeClass) == KnownNames.RaggedAttribute)
                        ?.ConstructorArguments.FirstOrDefault().Value as string,
                }
                : null;
        }

        if (parameter.Type.SpecialType is not (SpecialType.System_Double or SpecialType.System_Int32))
        {
            findings.Report(Descriptors.Signature, location, method.Name,
                $"has a parameter '{parameter.Name}' of type '{parameter.Type.ToDisplayString()}'; an objective takes Tensor, double and int");
            return null;
        }

        if (promise == Promise.PositiveDefinite)
        {
            findings.Report(Descriptors.Signature, location, method.Name, $"has [PositiveDefinite] on '{parameter.Name}', which is a number; promise [Positive]");
            return null;
        }

        if (Has(parameter, KnownNames.ArgminAttribute) || Has(parameter, KnownNames.ShapeAttribute))
        {
            findings.Report(Descriptors.InvalidShape, location, parameter.Name, "is a number; [Argmin] and [Shape] belong to tensors");
            return null;
        }

        var kind = parameter.Type.SpecialType == SpecialType.System_Int32 ? ParameterKind.Int : ParameterKind.Double;
        return new ParameterModel(parameter.Name, kind, default, promise, Default(parameter), documentation);
    }

    private EquatableArray<Extent>? Axes(IParameterSymbol parameter, Location location)
    {
        var shape = parameter.GetAttributes().FirstOrDefault(a => KnownNames.FullName(a.AttributeClass) == KnownNames.ShapeAttribute);
        if (shape is null)
        {
            findings.Report(Descriptors.InvalidShape, location, parameter.Name, "is a tensor without [Shape]; state its extents, [Shape] alone for a scalar");
            return null;
        }

        if (shape.ConstructorArguments.Length != 1 || shape.ConstructorArguments[0].Kind != TypedConstantKind.Array || shape.ConstructorArguments[0].IsNull)
        {
            findings.Fail();
            return null;
        }

        var axes = new List<Extent>();
        foreach (var entry in shape.ConstructorArguments[0].Values)
        {
            switch (entry.Value)
            {
                case string symbol when Microsoft.CodeAnalysis.CSharp.SyntaxFacts.IsValidIdentifier(symbol):
                    axes.Add(Extent.Of(symbol));
                    break;
                case int number when number > 0:
                    axes.Add(Extent.Of(number));
                    break;
                case string digits when int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _):
                    findings.Report(Descriptors.InvalidShape, location, parameter.Name, $"has an extent \"{digits}\"; a number stands without quotation marks: {digits}");
                    return null;
                default:
                    findings.Report(Descriptors.InvalidShape, location, parameter.Name,
                        $"has an extent {(entry.Value is string name ? $"\"{name}\"" : entry.Value ?? "null")}; an extent is a name such as \"T\" or a number above 0");
                    return null;
            }
        }

        return axes.ToEquatable();
    }

    private void CheckTogether(List<ParameterModel> parameters)
    {
        var variables = parameters.Where(parameter => parameter.Kind == ParameterKind.Variable).ToList();
        if (variables.Count != 1)
        {
            findings.Report(Descriptors.ArgminParameter, Location, method.Name, variables.Count == 0 ? "no" : variables.Count.ToString(CultureInfo.InvariantCulture));
            return;
        }

        var inputs = parameters.Where(parameter => parameter.Kind == ParameterKind.Tensor).ToList();
        if (inputs.Count is 0 or > 6)
        {
            findings.Report(Descriptors.InputCount, Location, inputs.Count == 0 ? "no" : inputs.Count.ToString(CultureInfo.InvariantCulture), variables[0].Name);
        }

        foreach (var symbol in variables[0].Axes.SelectMany(axis => axis.Symbols()).Distinct())
        {
            if (!inputs.Any(input => input.Axes.Any(axis => axis.Symbol == symbol)))
            {
                findings.Report(Descriptors.UndeterminedExtent, Location, symbol, variables[0].Name);
            }
        }

        foreach (var (input, objection) in InputRules.Defaults(inputs).Concat(InputRules.Lengths(parameters, variables[0])))
        {
            findings.Report(Descriptors.Signature, Of(input), method.Name, objection);
        }

        CheckNames(parameters);
    }

    private Location Of(ParameterModel parameter) => method.Parameters.First(p => p.Name == parameter.Name).Locations.FirstOrDefault() ?? Location;

    private void CheckNames(List<ParameterModel> parameters)
    {
        var properties = MemberNames.ToDictionary(name => name, name => $"the layer's member '{name}'");
        properties[ClassName] = "the layer's own name";
        foreach (var parameter in parameters)
        {
            var location = method.Parameters.First(p => p.Name == parameter.Name).Locations.FirstOrDefault() ?? Location;
            var property = NameForms.Pascal(parameter.Name);
            if (ParameterNames.Contains(parameter.Name))
            {
                findings.Report(Descriptors.NameCollision, location, parameter.Name, "a parameter of the layer's members");
            }
            else if (!parameter.IsTensor && properties.TryGetValue(property, out var what))
            {
                findings.Report(Descriptors.NameCollision, location, parameter.Name, what);
            }
            else if (!parameter.IsTensor)
            {
                properties.Add(property, $"parameter '{parameter.Name}'");
            }
        }

        if (!Microsoft.CodeAnalysis.CSharp.SyntaxFacts.IsValidIdentifier(ClassName))
        {
            findings.Report(Descriptors.NameCollision, Location, ClassName, "the rules for names: it is not one");
        }
        else if (IsTaken())
        {
            findings.Report(Descriptors.NameCollision, Location, ClassName, "another type of that name");
        }
    }

    /// <summary>Whether the namespace has, or will have, another type of the layer's name.</summary>
    private bool IsTaken()
    {
        var space = method.ContainingNamespace;
        if (space.GetTypeMembers(ClassName).Any(type => !type.GetAttributes().Any(a => a.AttributeClass?.Name == "GeneratedCodeAttribute"
            && a.ConstructorArguments.Length > 0 && a.ConstructorArguments[0].Value is "ArgminLayers.Generator")))
        {
            return true;
        }

        return LayerNames.MethodsOf(ClassName, space, compilation, cancellation).Any(other => !SymbolEqualityComparer.Default.Equals(other, method));
    }

    private bool IsPublic()
    {
        if (method.DeclaredAccessibility != Accessibility.Public)
        {
            return false;
        }

        for (var type = method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.DeclaredAccessibility != Accessibility.Public)
            {
                return false;
            }
        }

        return true;
    }

    private XElement? Documentation()
    {
        var xml = method.GetDocumentationCommentXml(CultureInfo.InvariantCulture, expandIncludes: false, cancellation);
        if (string.IsNullOrWhiteSpace(xml))
        {
            return null;
        }

        try
        {
            return XElement.Parse(xml, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string Inner(XElement? element) =>
        element is null ? "" : string.Concat(element.Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting))).Trim();

    private static string Default(IParameterSymbol parameter) => !parameter.HasExplicitDefaultValue ? "" : parameter.ExplicitDefaultValue switch
    {
        double number => Literals.Of(number),
        int number => number.ToString(CultureInfo.InvariantCulture),
        _ => "",
    };

    public static bool Has(IParameterSymbol parameter, string attribute) =>
        parameter.GetAttributes().Any(a => KnownNames.FullName(a.AttributeClass) == attribute);
}
