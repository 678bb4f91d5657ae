using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Sums and means, over everything and over dimensions in every spelling.</summary>
internal static class ReductionRecipes
{
    public static readonly IReadOnlyList<Recipe> All =
    [
        Whole("sum/T", "sum", x => x.sum()),
        Whole("mean/T", "mean", x => x.mean()),
        new(["sum/TNB"], s => Over(s, "sum/TNB", 1)),
        new(["sum/TNNB"], s => Over(s, "sum/TNNB", 2)),
        new(["sum/TNNNB"], s => Over(s, "sum/TNNNB", 3)),
        new(["sum/TDB"], s => Over(s, "sum/TDB", 0)),
        new(["mean/TDB"], s => Over(s, "mean/TDB", 0)),
    ];

    private static Recipe Whole(string operation, string name, Func<Tensor, Tensor> function) =>
        new([operation], s => s.Pick(k => s.Rank(k) > 0) is { } x ? new Step(s.Spell(name), [x], (v, _) => function(v[0])) { Operations = [operation], Sign = s.SignOf(x) } : null);

    /// <summary>Over some axes: as numbers, or as an array or collection where <paramref name="numbers"/> is 0.</summary>
    private static Step? Over(Sampler s, string operation, int numbers)
    {
        if (s.Pick(k => s.Rank(k) >= Math.Max(1, numbers)) is not { } x)
        {
            return null;
        }

        var rank = s.Rank(x);
        var count = numbers > 0 ? numbers : s.Random.Next(1, rank + 1);
        var axes = Enumerable.Range(0, rank).OrderBy(_ => s.Random.Next()).Take(count).Select(axis => (long)(s.Chance(0.5) ? axis : axis - rank)).ToArray();
        var list = string.Join(", ", axes);
        var keep = s.Chance(0.3);
        var isMean = operation.StartsWith("mean", StringComparison.Ordinal);
        var dims = numbers switch
        {
            // A bare 0 would bind to the dtype.
            1 => axes[0] == 0 || s.Chance(0.5) ? $"dim: {list}" : list,
            > 1 => list,
            _ => s.OneOf($"[{list}]", $"new long[] {{{{ {list} }}}}"),
        };
        var format = numbers == 1 ? s.Spell(isMean ? "mean" : "sum", keep ? [dims, "keepdim: true"] : [dims]) : $"{{0}}.{(isMean ? "mean" : "sum")}({dims}{(keep ? ", keepdim: true" : "")})";

        // A sum of very many elements would leave the range of generic values.
        var scale = count == 3 ? 0.01 : 1;
        return new Step(scale < 1 ? format.Replace("{0}", "(0.01 * {0})", StringComparison.Ordinal) : format, [x], (v, _) => isMean ? (v[0] * scale).mean(axes, keep) : (v[0] * scale).sum(axes, keep))
        {
            Operations = [operation],
            Sign = s.SignOf(x),
        };
    }
}
