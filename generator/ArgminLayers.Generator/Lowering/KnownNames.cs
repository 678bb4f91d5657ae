using Microsoft.CodeAnalysis;

namespace ArgminLayers.Generator.Lowering;

/// <summary>The types that lowering knows, by name: TorchSharp may come from one assembly or another.</summary>
internal static class KnownNames
{
    public const string LayerAttribute = "ArgminLayers.ArgminLayerAttribute";
    public const string ArgminAttribute = "ArgminLayers.ArgminAttribute";
    public const string ShapeAttribute = "ArgminLayers.ShapeAttribute";
    public const string NonNegativeAttribute = "ArgminLayers.NonNegativeAttribute";
    public const string DefaultAttribute = "ArgminLayers.DefaultAttribute";
    public const string PositiveAttribute = "ArgminLayers.PositiveAttribute";
    public const string RaggedAttribute = "ArgminLayers.RaggedAttribute";
    public const string PositiveDefiniteAttribute = "ArgminLayers.PositiveDefiniteAttribute";

    public static string FullName(ITypeSymbol? type) => type switch
    {
        null => "",
        { ContainingType: { } outer } => FullName(outer) + "." + type.Name,
        { ContainingNamespace: { IsGlobalNamespace: false } space } => space.ToDisplayString() + "." + type.Name,
        _ => type.Name,
    };

    public static bool IsTensor(ITypeSymbol? type) => type is { Name: "Tensor" } && FullName(type) == "TorchSharp.torch.Tensor";

    public static bool IsScalar(ITypeSymbol? type) => type is { Name: "Scalar" } && FullName(type) == "TorchSharp.Scalar";

    /// <summary>Whether the type holds operations of TorchSharp.</summary>
    public static bool IsTorch(ITypeSymbol? type) =>
        FullName(type) is "TorchSharp.torch.Tensor" or "TorchSharp.torch" or "TorchSharp.torch.nn.functional" or "TorchSharp.torch.special" or "TorchSharp.torch.linalg";

    /// <summary>The name under which the table lists an operation: those of linalg have meanings of their own.</summary>
    public static string OperationName(ISymbol member) => (member.ContainingType?.Name == "linalg" ? "linalg." : "") + member.Name;

    /// <summary>Whether the type counts, rather than measures.</summary>
    public static bool IsInteger(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64;

    /// <summary>Whether the type is a number of the host language that lowering takes.</summary>
    public static bool IsNumber(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Double or SpecialType.System_Int32
        or SpecialType.System_Single or SpecialType.System_Int64;
}
