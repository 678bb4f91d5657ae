using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Tests.Problems;

/// <summary>½ Σₖ yₖᵀHₖyₖ − xₖᵀyₖ over the rows yₖ of a matrix, or over its columns: inputs x, of y's shape, and H, (K, M, M) or, shared by all, (1, M, M).</summary>
public sealed class BlockProblem(IReadOnlyList<Tensor> inputs, ObjectiveInfo info) : ExplicitProblem(info)
{
    private Tensor X => inputs[0];

    private Tensor H => inputs[1];

    private bool IsByColumn => Info.Structure == HessianStructure.ColumnBlocks;

    public static ArgminSolver Solver(ArgminOptions options, bool isByColumn, bool isShared)
    {
        string[] extents = isByColumn ? ["M", "K"] : ["K", "M"];
        var info = new ObjectiveInfo("Blocks", new TensorInfo("y", extents), [new TensorInfo("x", extents), new TensorInfo("h", [isShared ? "1" : "K", "M", "M"])],
            Smoothness.TwiceContinuous, Curvature.Unknown, isByColumn ? HessianStructure.ColumnBlocks : HessianStructure.RowBlocks, HasConstantHessian: true);
        return new(info, options, inputs => new BlockProblem(inputs, info));
    }

    public override Tensor Objective(Tensor y) => Scoped(() => (y * HessianVectorProduct(y, y)).sum(dim: -1).mul(Half).sub((X.flatten(1) * y).sum(dim: -1)));

    public override Tensor Gradient(Tensor y) => Scoped(() => HessianVectorProduct(y, y).sub(X.flatten(1)));

    public override Tensor HessianVectorProduct(Tensor y, Tensor direction) => Scoped(() =>
    {
        var m = H.size(-1);
        var rows = IsByColumn ? direction.reshape(-1, m, direction.size(1) / m).transpose(-2, -1) : direction.reshape(-1, direction.size(1) / m, m);
        var products = H.matmul(rows.unsqueeze(-1)).squeeze(-1);
        return (IsByColumn ? products.transpose(-2, -1) : products).flatten(1);
    });

    public override Tensor Hessian(Tensor y) => HessianOfProducts(y);

    public override Tensor? Blocks(Tensor y) => H.clone();

    public override Tensor?[] MixedVjp(Tensor y, Tensor lambda, IReadOnlyList<bool> wanted)
        => [wanted[0] ? Scoped(() => lambda.neg().reshape(X.shape)) : null, wanted[1] ? throw new NotSupportedException("Only x has a gradient here.") : null];
}
