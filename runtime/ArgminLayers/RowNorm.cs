using static TorchSharp.torch;

namespace ArgminLayers;

/// <summary>‖x‖₂ of every row, without overflow or underflow of the squares: a gradient of 1e-200 is not zero.</summary>
internal static class RowNorm
{
    /// <summary>The norms, (…), of rows (…, n).</summary>
    public static Tensor Of(Tensor x)
    {
        var largest = x.abs().amax([-1], true);
        var unit = largest.where(largest.gt(Scalars.Zero).logical_and(largest.isfinite()), ones_like(largest));
        var part = x / unit;
        return (part * part).sum(dim: -1).sqrt() * unit.squeeze(-1);
    }
}
