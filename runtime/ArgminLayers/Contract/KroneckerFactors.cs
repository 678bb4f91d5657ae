using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>
/// The factors of a Hessian in a matrix y of n rows and m columns, with y flattened row by row: <c>H = S ⊗ I + I ⊗ R + μI</c>, the operator of Sylvester's equation
/// <c>SX + XR + μX = B</c>, or <c>H = S ⊗ R + μI</c>. Leading dimensions of 1 are shared by the batch.
/// </summary>
/// <param name="IsSum">Whether S and R are added, rather than multiplied.</param>
/// <param name="Rows">S, of shape (B or 1, n, n), symmetric.</param>
/// <param name="Columns">R, of shape (B or 1, m, m), symmetric.</param>
/// <param name="Shift">μ, of shape (B or 1), or null where it is zero.</param>
public sealed record KroneckerFactors(bool IsSum, Tensor Rows, Tensor Columns, Tensor? Shift = null)
{
    /// <summary>Moves the tensors to the scope around the current one. For generated code.</summary>
    public KroneckerFactors MoveToOuterDisposeScope()
    {
        Rows.MoveToOuterDisposeScope();
        Columns.MoveToOuterDisposeScope();
        Shift?.MoveToOuterDisposeScope();
        return this;
    }
}
