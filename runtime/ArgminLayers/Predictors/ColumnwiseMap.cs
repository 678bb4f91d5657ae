using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Predictors;

/// <summary>A on each column of a matrix y, Z = A Y: A ⊗ I on y flattened, never formed for a product.</summary>
/// <param name="rows">A, (B or 1, rows of Z, rows of Y).</param>
/// <param name="columns">How the columns lie.</param>
internal sealed class ColumnwiseMap(Tensor rows, PredictorColumns columns) : PredictorMap
{
    public override Tensor Rows => rows;

    public override long Size => rows.size(-2) * columns.Count;

    public override PredictorMap Absolute() => new ColumnwiseMap(rows.abs(), columns);

    public override Tensor Times(Tensor y) => Flat(Columns(y, columns.LeadInVariable).matmul(rows.transpose(-2, -1)), columns.LeadInPredictions);

    public override Tensor TransposedTimes(Tensor a) => Flat(Columns(a, columns.LeadInPredictions).matmul(rows), columns.LeadInVariable);

    public override Tensor Gram() => Between(BatchedProducts.Gram(rows), columns.LeadInPredictions);

    public override Tensor DifferentiableGram() => Between(rows.matmul(rows.transpose(-2, -1)), columns.LeadInPredictions);

    public override Tensor Dense() => Between(rows, columns.LeadInVariable);

    public override Tensor SquareNorms() => Flat((rows * rows).sum(dim: -1).unsqueeze(-2).expand(-1, columns.Count, -1), columns.LeadInPredictions);

    /// <summary>A matrix (B, r, s) that acts between columns, between flat vectors: (B, r m, s m), with the predictions on the left.</summary>
    private Tensor Between(Tensor matrix, bool leadOnTheRight)
    {
        // [b, i, r, j, s] = M[b, r, s] δᵢⱼ, and the columns i and j where they lie.
        var unit = eye(columns.Count, dtype: matrix.dtype, device: matrix.device).reshape(1, columns.Count, 1, columns.Count, 1);
        var all = matrix.unsqueeze(-2).unsqueeze(-4) * unit;
        if (!columns.LeadInPredictions)
            all = all.transpose(1, 2);
        if (!leadOnTheRight)
            all = all.transpose(3, 4);
        return all.flatten(3, 4).flatten(1, 2);
    }

    /// <summary>Flat matrices (B, r m) as their columns one below the other, (B, m, r).</summary>
    private Tensor Columns(Tensor flat, bool lead) => lead
        ? flat.reshape(flat.size(0), columns.Count, -1)
        : flat.reshape(flat.size(0), -1, columns.Count).transpose(-2, -1);

    private static Tensor Flat(Tensor columns, bool lead) => (lead ? columns : columns.transpose(-2, -1)).flatten(-2, -1);
}
