using static TorchSharp.torch;

namespace ArgminLayers.Hessians;

/// <summary>The dense Hessian, (B or 1, n, n), that the parts of a structured one stand for.</summary>
internal static class DenseHessian
{
    /// <summary>From the blocks of the rows or columns of y, which are zero between them.</summary>
    /// <param name="blocks">As in <see cref="ArgminProblem.Blocks"/>, (B or 1, K or 1, m, m).</param>
    /// <param name="n">K m.</param>
    /// <param name="structure">Whether rows or columns go apart.</param>
    public static Tensor Of(Tensor blocks, long n, HessianStructure structure)
    {
        using var scope = NewDisposeScope();
        var m = blocks.size(-1);
        // [b, i, j, k, k′], and each pair of indices where the blocks lie in y.
        var all = diag_embed(blocks.expand(-1, n / m, -1, -1).permute(0, 2, 3, 1));
        var lying = structure == HessianStructure.ColumnBlocks ? all.permute(0, 1, 3, 2, 4) : all.permute(0, 3, 1, 4, 2);
        return lying.reshape(-1, n, n).MoveToOuterDisposeScope();
    }

    /// <summary>From the matrices between rows and between columns.</summary>
    public static Tensor Of(KroneckerFactors factors)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (factors.Rows, factors.Columns);
        var n = rows.size(-1) * columns.size(-1);
        Tensor Unit(long size) => eye(size, dtype: rows.dtype, device: rows.device).unsqueeze(0);
        Tensor Product(Tensor left, Tensor right) => left.unsqueeze(2).unsqueeze(-1).mul(right.unsqueeze(1).unsqueeze(3)).reshape(-1, n, n);
        var whole = factors.IsSum ? Product(rows, Unit(columns.size(-1))).add(Product(Unit(rows.size(-1)), columns), Scalars.One) : Product(rows, columns);
        if (factors.Shift is { } shift)
            whole = whole.add(shift.reshape(-1, 1, 1) * Unit(n), Scalars.One);
        return whole.MoveToOuterDisposeScope();
    }
}
