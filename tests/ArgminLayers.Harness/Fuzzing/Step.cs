using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>The value of a step from those of its operands.</summary>
internal delegate Tensor Evaluation(Tensor[] operands, Point point);

/// <summary>One operation of a random objective: a parameter, or a text with holes for earlier steps.</summary>
/// <param name="Format">The C# text; {k} stands for operand k.</param>
/// <param name="Operands">The indices of the operands.</param>
/// <param name="Evaluate">The same in code: values are kept in a range where autograd is right.</param>
internal sealed record Step(string Format, IReadOnlyList<int> Operands, Evaluation Evaluate)
{
    /// <summary>The operations of the table, or of the language, that the text uses.</summary>
    public IReadOnlyList<string> Operations { get; init; } = [];

    /// <summary>What is known about the result's sign.</summary>
    public Sign Sign { get; init; }

    /// <summary>How far every element is from the nearest kink or edge of the domain; null where there is none.</summary>
    public Evaluation? Distance { get; init; }

    /// <summary>Whether the text makes a local variable of it.</summary>
    public bool IsNamed { get; init; }
}
