using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Checking;

/// <summary>The directions that differences are taken along: the same in every run, and without touching the global random state.</summary>
internal sealed class Directions
{
    private readonly Random random = new(20160619);

    /// <summary>Rows of normal numbers, each of norm 1.</summary>
    public Tensor Unit(long rows, long size)
    {
        using var scope = NewDisposeScope();
        var normal = Normal(rows, size);
        return (normal / (normal * normal).sum(dim: -1, keepdim: true).sqrt()).MoveToOuterDisposeScope();
    }

    /// <summary>Normal numbers, (rows, size).</summary>
    public Tensor Normal(long rows, long size)
    {
        var values = new double[rows * size];
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return torch.tensor(values).reshape(rows, size);
    }

    /// <summary>Numbers of ±1.</summary>
    public Tensor Signs(long[] shape)
    {
        var values = new double[shape.Aggregate(1L, static (product, extent) => product * extent)];
        for (var i = 0; i < values.Length; i++)
            values[i] = random.Next(2) == 0 ? -1 : 1;
        return torch.tensor(values).reshape(shape);
    }
}
