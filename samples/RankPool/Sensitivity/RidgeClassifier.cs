using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Sensitivity;

/// <summary>
/// One-vs-rest ridge regression on L2-normalised vectors, <c>min_W ½‖XW − Y‖²/N + ½λ‖W‖²</c> with Y = ±1 and a column of ones in X. It has a closed
/// form, so what is compared is the vectors and not the luck of a training run.
/// </summary>
public sealed class RidgeClassifier : IDisposable
{
    private static readonly Scalar Half = 0.5;
    private static readonly Scalar Lambda = 1e-3;

    private readonly Tensor w;

    private RidgeClassifier(Tensor w) => this.w = w;

    /// <summary>Fits to vectors (N, D) of given classes.</summary>
    public static RidgeClassifier Fit(Tensor vectors, IReadOnlyList<int> labels, int classCount)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var (x, y) = (Rows(vectors.detach()), Targets(labels, classCount));
        using Scalar count = (double)labels.Count;
        var gram = x.transpose(0, 1).matmul(x).div(count).add(eye(x.size(1), dtype: x.dtype).mul(Lambda));
        return new(x.transpose(0, 1).matmul(y).div(count).cholesky_solve(linalg.cholesky(gram)).DetachFromDisposeScope());
    }

    /// <summary>The objective at these vectors. At the vectors that were fitted to its derivative in them is that of the minimum, W being optimal.</summary>
    public Tensor Loss(Tensor vectors, IReadOnlyList<int> labels)
    {
        using var scope = NewDisposeScope();
        using Scalar count = (double)labels.Count;
        var residual = Rows(vectors).matmul(w).sub(Targets(labels, (int)w.size(1)));
        return residual.mul(residual).sum().mul(Half).div(count).add(w.mul(w).sum().mul(Half).mul(Lambda)).MoveToOuterDisposeScope();
    }

    /// <summary>Mean per-class accuracy on vectors (N, D).</summary>
    public double Accuracy(Tensor vectors, IReadOnlyList<int> labels)
    {
        using var scope = NewDisposeScope();
        var answers = Rows(vectors.detach()).matmul(w).argmax(1).data<long>().ToArray();
        return labels.Zip(answers, (label, answer) => (label, isRight: label == answer)).GroupBy(pair => pair.label)
            .Average(group => group.Average(pair => pair.isRight ? 1.0 : 0));
    }

    public void Dispose() => w.Dispose();

    private static Tensor Rows(Tensor vectors) =>
        cat([Geometry.Unit(vectors), ones(vectors.size(0), 1, dtype: vectors.dtype)], 1);

    private static Tensor Targets(IReadOnlyList<int> labels, int classCount)
    {
        var y = new double[labels.Count * classCount];
        Array.Fill(y, -1);
        for (var i = 0; i < labels.Count; i++)
            y[i * classCount + labels[i]] = 1;
        return tensor(y, [labels.Count, classCount]);
    }
}
