using static TorchSharp.torch;

namespace ArgminLayers.Predictors;

/// <summary>The linear map from y to its predictions: A for a vector y, or what A does to a matrix y, flattened.</summary>
internal abstract class PredictorMap
{
    /// <summary>The map of a batch of problems.</summary>
    /// <param name="rows">A, (B or 1, rows, own unknowns).</param>
    /// <param name="columns">How the columns lie of a matrix y that A acts on one by one; null where y is a vector.</param>
    public static PredictorMap Of(Tensor rows, PredictorColumns? columns) => columns is null ? new RowsMap(rows) : new ColumnwiseMap(rows, columns);

    /// <summary>A itself.</summary>
    public abstract Tensor Rows { get; }

    /// <summary>K, the number of predictions.</summary>
    public abstract long Size { get; }

    /// <summary>The map of the absolute values.</summary>
    public abstract PredictorMap Absolute();

    /// <summary>The predictions without their offset, (B, K), of y (B, n).</summary>
    public abstract Tensor Times(Tensor y);

    /// <summary>The transposed map, (B, n), of a (B, K).</summary>
    public abstract Tensor TransposedTimes(Tensor a);

    /// <summary>The map times its transpose, (B or 1, K, K).</summary>
    public abstract Tensor Gram();

    /// <summary>The same by operations that have derivatives.</summary>
    public abstract Tensor DifferentiableGram();

    /// <summary>The map as one matrix, (B or 1, K, n).</summary>
    public abstract Tensor Dense();

    /// <summary>‖a‖² of every row of the map, (B or 1, K).</summary>
    public abstract Tensor SquareNorms();
}
