using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Predictors;

/// <summary>One A for several problems in a row, which are its columns' where a matrix y has come apart: their vectors are the rows of a matrix, and the product is one.</summary>
/// <param name="rows">A, (B, K, n).</param>
/// <param name="count">m, how many problems have one A: the batch here is B m.</param>
internal sealed class RepeatedMap(Tensor rows, long count) : PredictorMap
{
    public override Tensor Rows => rows;

    public override long Size => rows.size(-2);

    public override PredictorMap Absolute() => new RepeatedMap(rows.abs(), count);

    public override Tensor Times(Tensor y) => Grouped(y).matmul(rows.transpose(-2, -1)).flatten(0, 1);

    public override Tensor TransposedTimes(Tensor a) => Grouped(a).matmul(rows).flatten(0, 1);

    public override Tensor Gram() => Repeated(BatchedProducts.Gram(rows));

    public override Tensor DifferentiableGram() => Repeated(rows.matmul(rows.transpose(-2, -1)));

    public override Tensor Dense() => Repeated(rows);

    public override Tensor SquareNorms() => Repeated((rows * rows).sum(dim: -1));

    private Tensor Grouped(Tensor vectors) => vectors.unflatten(0, -1, count);

    private Tensor Repeated(Tensor each) => each.repeat_interleave(count, 0);
}
