using TorchSharp;
using static TorchSharp.torch;

namespace RankPool.Sensitivity;

/// <summary>Lengths and angles of the rows of matrices.</summary>
internal static class Geometry
{
    private static readonly Scalar Zero = 0;
    private static readonly Scalar One = 1;

    /// <summary>The length of every row.</summary>
    public static double[] Norms(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return rows.mul(rows).sum(dim: -1).sqrt().data<double>().ToArray();
    }

    /// <summary>The angle between every row and that of the other matrix, accurate for small angles too: <c>2 atan2(‖x̂ − ŷ‖, ‖x̂ + ŷ‖)</c>.</summary>
    public static double[] Degrees(Tensor x, Tensor y)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Unit(x), Unit(y));
        return [.. Norms(a.sub(b)).Zip(Norms(a.add(b)), (apart, together) => 360 / Math.PI * Math.Atan2(apart, together))];
    }

    /// <summary>Rows of unit length; a row of zeros stays one.</summary>
    public static Tensor Unit(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var length = rows.mul(rows).sum(dim: -1, keepdim: true);
        return rows.div(length.masked_fill(length.eq(Zero), One).sqrt()).MoveToOuterDisposeScope();
    }
}
