using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Lowering;

/// <summary>All that emission needs to know about an objective. Equal models make equal code; nothing of the compiler is in it.</summary>
/// <param name="Namespace">The namespace of the objective and of its layer; empty for the global one.</param>
/// <param name="ClassName">The layer's name, without an @.</param>
/// <param name="IsPublic">Whether the layer is public, else internal.</param>
/// <param name="ObjectiveName">The method's name.</param>
/// <param name="Container">The type the method is in, with its own containers, dotted.</param>
/// <param name="Summary">The inner XML of the method's summary; empty without one.</param>
/// <param name="Parameters">The parameters in the method's order.</param>
/// <param name="Objective">The objective, as written: one result, nothing simplified.</param>
internal sealed record LayerModel(
    string Namespace,
    string ClassName,
    bool IsPublic,
    string ObjectiveName,
    string Container,
    string Summary,
    EquatableArray<ParameterModel> Parameters,
    Program Objective)
{
    /// <summary>The name of the variable minimised over.</summary>
    public string VariableName => System.Linq.Enumerable.First(Parameters, parameter => parameter.Kind == ParameterKind.Variable).Name;
}

/// <summary>What a parameter is in C#.</summary>
internal enum ParameterKind
{
    /// <summary>The tensor minimised over.</summary>
    Variable,

    /// <summary>A tensor input.</summary>
    Tensor,

    /// <summary>A <c>double</c> hyper-parameter.</summary>
    Double,

    /// <summary>An <c>int</c> hyper-parameter.</summary>
    Int,
}

/// <summary>A parameter of the objective.</summary>
/// <param name="Name">Its name, without an @.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Axes">A tensor's extents.</param>
/// <param name="Promise">What its values promise.</param>
/// <param name="Default">A number's default as C# text; empty without one.</param>
/// <param name="Documentation">The inner XML of its param element; empty without one.</param>
internal sealed record ParameterModel(
    string Name, ParameterKind Kind, EquatableArray<Extent> Axes, Promise Promise, string Default, string Documentation)
{
    /// <summary>The value of every element of a tensor that a caller leaves out; null where none may.</summary>
    public double? Fill { get; init; }

    /// <summary>The extent whose length within each problem the input is; null where it is an input like any other.</summary>
    public string? Ragged { get; init; }

    public bool IsTensor => Kind is ParameterKind.Variable or ParameterKind.Tensor;

    /// <summary>What stands for it in a program. A length is checked to be 1 or more, so it promises that much.</summary>
    public Input Input => new(Name, Axes, IsTensor ? Domain.Tensor : Domain.Host, Ragged is null ? Promise : Promise.Positive);
}
