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

        Extreme("max/T", "max", (_, _) => "", 0), Extreme("min/T", "min", (_, _) => "", 0),
        Extreme("max.Item1/TNB", "max", (axis, keep) => $"{axis}, {keep}", 1, ".values"), Extreme("min.Item1/TNB", "min", (axis, keep) => $"{axis}, {keep}", 1, ".Item1"),
        Extreme("amax/TDB", "amax", (axis, keep) => $"[{axis}], keepdim: {keep}", 1), Extreme("amin/TDB", "amin", (axis, keep) => $"[{axis}], keepdim: {keep}", 1),
        Extreme("amax/TD", "amax", (axis, _) => $"{axis}", 2), Extreme("amin/TD", "amin", (axis, _) => $"{axis}", 2),

        Along("logsumexp/TNB", "logsumexp", (x, axis) => x.logsumexp(axis), 3),
        Along("softmax/TN", "softmax", (x, axis) => x.softmax(axis), 3, Sign.Positive),
        Along("log_softmax/TN", "log_softmax", (x, axis) => x.log_softmax(axis), 3),

        Norm("norm/T", 1, (s, _) => (s.Spell("norm"), x => x.square().sum().sqrt())),
        Norm("norm/TN", 1, (s, _) => s.Chance(0.5) ? ("torch.norm({0}, 2f)", x => x.square().sum().sqrt()) : ("torch.norm({0}.exp(), 1f)", x => x.exp().sum())),
        Norm("norm/TNBN", 1, (s, axis) => (s.Spell("norm", $"{axis}"), x => x.square().sum(axis).sqrt())),
        Norm("linalg.norm/TDB", 1, (_, _) => ("linalg.norm({0})", x => x.square().sum().sqrt())),
        Norm("linalg.norm/TNDB", 1, (_, axis) => ($"linalg.norm({{0}}, 2.0, [{axis}])", x => x.square().sum(axis).sqrt())),
        Norm("linalg.vector_norm/TNDB", 1, (s, axis) => s.Chance(0.5)
            ? ($"linalg.vector_norm({{0}}, dims: [{axis}])", x => x.square().sum(axis).sqrt())
            : ("linalg.vector_norm({0})", x => x.square().sum().sqrt())),
        Norm("linalg.matrix_norm/TSDB", 2, (_, _) => ("linalg.matrix_norm({0})", x => x.square().sum().sqrt())),
    ];

    /// <summary>A function along one axis.</summary>
    private static Recipe Along(string operation, string name, Func<Tensor, long, Tensor> function, double weight, Sign sign = Sign.Any) => new(
        [operation],
        s => s.Pick(k => s.Rank(k) > 0) is { } x && s.Random.Next(s.Rank(x)) is var axis
            ? new Step(s.Spell(name, $"{axis}"), [x], (v, _) => function(v[0], axis)) { Operations = [operation], Sign = sign }
            : null,
        weight);

    /// <summary>The largest or smallest element of a given value, over everything or along one axis; one of them, with a margin.</summary>
    private static Recipe Extreme(string operation, string name, Func<int, string, string> arguments, int kind, string suffix = "") => new([operation], s =>
    {
        if (s.Pick(k => s.Rank(k) > 0 && !s.DependsOnVariable(k)) is not { } x)
        {
            return null;
        }

        var axis = s.Random.Next(s.Rank(x));
        var keep = kind == 1 && s.Chance(0.4);
        var isMaximum = name.EndsWith("max", StringComparison.Ordinal);
        var dims = kind == 0 ? Enumerable.Range(0, s.Rank(x)).Select(k => (long)k).ToArray() : [axis];
        return new Step($"{{0}}.{name}({arguments(axis, keep ? "true" : "false")}){suffix}", [x], (v, _) => isMaximum ? v[0].amax(dims, keep) : v[0].amin(dims, keep))
        {
            Operations = [operation],
            Sign = s.SignOf(x),
            Distance = (v, _) => IsSingle(isMaximum ? v[0] : -v[0], dims),
        };
    });

    /// <summary>1 where exactly one element is within a margin of the largest, else 0.</summary>
    private static Tensor IsSingle(Tensor x, long[] dims) => x.gt(x.amax(dims, true) - 2e-3).to(ScalarType.Float64).sum(dims).eq(tensor(1.0)).to(ScalarType.Float64);

    /// <summary>A norm, away from its kink; squared where the variable is in it.</summary>
    private static Recipe Norm(string operation, int least, Func<Sampler, long, (string Format, Func<Tensor, Tensor> Value)> build) => new([operation], s =>
    {
        if (s.Pick(k => s.Rank(k) >= least && (least < 2 || s.Rank(k) == 2)) is not { } x)
        {
            return null;
        }

        var (format, value) = build(s, s.Random.Next(s.Rank(x)));
        var square = s.DependsOnVariable(x);
        return new Step(square ? $"{format}.square()" : format, [x], (v, _) => square ? value(v[0]).square() : value(v[0]))
        {
            Operations = square ? [operation, "square/T"] : [operation],
            Sign = Sign.NonNegative,
            Distance = (v, _) => value(v[0]) - 0.1,
        };
    });

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
