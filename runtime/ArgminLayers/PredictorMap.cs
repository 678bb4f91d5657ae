using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>The linear map from y to its predictions, A, or A on each column of a matrix y alone, which is A ⊗ I and never formed for a product.</summary>
/// <param name="rows">A, (B or 1, rows, own unknowns).</param>
/// <param name="columns">How the columns lie; null where y is a vector.</param>
/// <param name="sharing">How many problems in a row have one A, where y is a vector: those of a problem's columns.</param>
internal sealed class PredictorMap(Tensor rows, PredictorColumns? columns, long sharing = 1)
{
    /// <summary>The map of a batch of problems.</summary>
    public static PredictorMap Of(LinearPredictorProblem problem) => new(problem.Predictors, problem.Columns);

    /// <summary>A itself.</summary>
    public Tensor Rows => rows;

    /// <summary>K, the number of predictions.</summary>
    public long Size => rows.size(-2) * (columns?.Count ?? 1);

    // What all problems of a batch share needs no second look.
    private bool IsShared => sharing > 1 && rows.size(0) > 1;

    /// <summary>The map of the absolute values.</summary>
    public PredictorMap Absolute() => new(rows.abs(), columns, sharing);

    /// <summary>The predictions without their offset, (B, K), of y (B, n).</summary>
    public Tensor Times(Tensor y) => columns is null
        ? IsShared ? y.unflatten(0, -1, sharing).matmul(rows.transpose(-2, -1)).flatten(0, 1) : BatchedProducts.Times(rows, y)
        : Flat(Columns(y, columns.LeadInVariable).matmul(rows.transpose(-2, -1)), columns.LeadInPredictions);

    /// <summary>The transposed map, (B, n), of a (B, K).</summary>
    public Tensor TransposedTimes(Tensor a) => columns is null
        ? IsShared ? a.unflatten(0, -1, sharing).matmul(rows).flatten(0, 1) : BatchedProducts.TransposedTimes(rows, a)
        : Flat(Columns(a, columns.LeadInPredictions).matmul(rows), columns.LeadInVariable);

    /// <summary>The map times its transpose, (B or 1, K, K).</summary>
    public Tensor Gram() => Between(BatchedProducts.Gram(rows), leadOnTheRight: columns?.LeadInPredictions);

    /// <summary>The same by operations that have derivatives.</summary>
    public Tensor DifferentiableGram() => Between(rows.matmul(rows.transpose(-2, -1)), leadOnTheRight: columns?.LeadInPredictions);

    /// <summary>The map as one matrix, (B or 1, K, n).</summary>
    public Tensor Dense() => Between(rows, leadOnTheRight: columns?.LeadInVariable);

    /// <summary>‖a‖² of every row of the map, (B or 1, K).</summary>
    public Tensor SquareNorms()
    {
        var squares = (rows * rows).sum(dim: -1);
        return columns is null ? squares : Flat(squares.unsqueeze(-2).expand(-1, columns.Count, -1), columns.LeadInPredictions);
    }

    /// <summary>A matrix (B, r, s) that acts between columns, between flat vectors: (B, r m, s m), with the predictions on the left.</summary>
    private Tensor Between(Tensor matrix, bool? leadOnTheRight)
    {
        if (columns is null)
            return IsShared ? matrix.repeat_interleave(sharing, 0) : matrix;
        // [b, i, r, j, s] = M[b, r, s] δᵢⱼ, and the columns i and j where they lie.
        var unit = eye(columns.Count, dtype: matrix.dtype, device: matrix.device).reshape(1, columns.Count, 1, columns.Count, 1);
        var all = matrix.unsqueeze(-2).unsqueeze(-4) * unit;
        if (!columns.LeadInPredictions)
            all = all.transpose(1, 2);
        if (leadOnTheRight is false)
            all = all.transpose(3, 4);
        return all.flatten(3, 4).flatten(1, 2);
    }

    /// <summary>Flat matrices (B, r m) as their columns one below the other, (B, m, r).</summary>
    private Tensor Columns(Tensor flat, bool lead) => lead
        ? flat.reshape(flat.size(0), columns!.Count, -1)
        : flat.reshape(flat.size(0), -1, columns!.Count).transpose(-2, -1);

    private static Tensor Flat(Tensor columns, bool lead) => (lead ? columns : columns.transpose(-2, -1)).flatten(-2, -1);
}
