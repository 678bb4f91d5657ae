using static TorchSharp.torch;

namespace ArgminLayers.Predictors;

/// <summary>A, whose rows are the predictors: z = A y for a vector y.</summary>
/// <param name="rows">A, (B or 1, K, n).</param>
internal sealed class RowsMap(Tensor rows) : PredictorMap
{
    public override Tensor Rows => rows;

    public override long Size => rows.size(-2);

    public override PredictorMap Absolute() => new RowsMap(rows.abs());

    public override Tensor Times(Tensor y) => BatchedProducts.Times(rows, y);

    public override Tensor TransposedTimes(Tensor a) => BatchedProducts.TransposedTimes(rows, a);

    public override Tensor Gram() => BatchedProducts.Gram(rows);

    public override Tensor DifferentiableGram() => rows.matmul(rows.transpose(-2, -1));

    public override Tensor Dense() => rows;

    public override Tensor SquareNorms() => (rows * rows).sum(dim: -1);
}
