using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Where elements stand: parts, joins, other shapes and orders, differences and running sums.</summary>
internal static class LayoutRecipes
{
    public static readonly IReadOnlyList<Recipe> All =
    [
        Part("narrow/TNNN", (s, axis) => (s.Spell("narrow", $"{axis}", "1", "2"), x => x.narrow(axis, 1, 2))),
        Part("slice/TNNNN", (s, axis) => s.Chance(0.5)
            ? ($"{{0}}.slice({axis}, 1, 3, 1)", x => x.narrow(axis, 1, 2))
            : ($"{{0}}.slice({axis}, 0, -1, 1)", x => x.slice(axis, 0, -1, 1))),

        // Fixed lengths: how many elements every other one of T are, the compiler cannot say.
        Part("slice/TNNNN", (s, axis) => ($"{{0}}.slice({axis}, 0, 3, 2)", x => x.narrow(axis, 0, 3).slice(axis, 0, 3, 2))),
        Part("y[1..]", (s, _) => s.OneOf<(string, Func<Tensor, Tensor>)>(
            ("{0}[TorchSharp.torch.TensorIndex.Slice(1, 3, 2)]", x => x.narrow(0, 1, 2).slice(0, 0, 2, 2)), ("stack([{0}, {0}], 1).flatten(0, 1)[TorchSharp.torch.TensorIndex.Slice(1, null, 2)]", x => x))),
        Part("select/TNN", (s, axis) => (s.Spell("select", $"{axis}", "-1"), x => x.select(axis, -1))),
        Part("y[1..]", (_, _) => ("{0}[1..]", x => x.narrow(0, 1, x.shape[0] - 1))),
        Part("y[^1]", (_, _) => ("{0}[^1]", x => x.select(0, -1))),
        Part("y[i]", (_, _) => ("{0}[0]", x => x.select(0, 0))),
        Part("y[.., 0]", (_, _) => ("{0}[.., 0]", x => x.select(1, 0)), 2),
        Part("diff/TNN", (s, axis) => (s.Spell("diff", $"dim: {axis}"), x => x.diff(1, axis))),
        Part("cumsum/TN", (s, axis) => (s.Spell("cumsum", $"{axis}"), x => x.cumsum(axis)), weight: 2),
        Part("flip/TD", (s, axis) => (s.Spell("flip", $"{axis}"), x => x.flip(axis))),
        Part("flipud/T", (s, _) => (s.Spell("flipud"), x => x.flip(0))),
        Part("fliplr/T", (s, _) => (s.Spell("fliplr"), x => x.flip(1)), 2),

        Of("unsqueeze/TN", 0, 2, (s, x) => s.OneOf(0, -1) is var axis ? (s.Spell("unsqueeze", $"{axis}"), v => v.unsqueeze(axis)) : default),
        Recipe.On("squeeze/TN", (s, x) => s.Shape(x) is [.., 1], (s, _) => (s.Spell("squeeze", "-1"), v => v.squeeze(-1)), keepsSign: true),
        Of("reshape/TD", 1, 3, (s, _) => s.OneOf<(string, Func<Tensor, Tensor>)>(
            (s.Spell("reshape", "-1"), v => v.reshape(-1)), ("{0}.reshape(1, -1)", v => v.reshape(1, -1)), ("{0}.reshape([-1, 1])", v => v.reshape(-1, 1)))),
        Of("reshape/TD", 2, 2, (_, _) => ("{0}.reshape({0}.shape[1], {0}.shape[0])", v => v.reshape(v.shape[1], v.shape[0])), 0.5),
        Recipe.On("view/TD", (s, x) => s.IsParameter(x) && s.Rank(x) > 0, (_, _) => ("{0}.view(-1)", v => v.reshape(-1)), keepsSign: true),
        Of("flatten/TNN", 1, 3, (s, x) => s.Rank(x) == 3 && s.Chance(0.7) ? ("{0}.flatten(0, 1)", v => v.flatten(0, 1)) : (s.Spell("flatten"), v => v.flatten())),
        Of("ravel/T", 1, 3, (s, _) => (s.Spell("ravel"), v => v.flatten())),
        Of("unflatten/TND", 1, 2, (s, _) => ("{0}.unflatten(0, 1, -1)", v => v.unsqueeze(0))),
        Of("size/TN", 1, 3, (_, _) => ("{0} / {0}.size(0)", v => v / v.shape[0])),
        Of("numel/T", 1, 3, (_, _) => ("{0} / {0}.numel()", v => v / v.numel())),
        Join("cat/LN", "cat"), Join("concat/LN", "concat"), Join("concatenate/LN", "concatenate"),
        new(["stack/LN"], Stack, 2),

        Of("permute/TD", 2, 3, (s, x) => s.Rank(x) == 2 ? (s.Spell("permute", "1", "0"), v => v.transpose(0, 1)) : (s.Spell("permute", "2", "0", "1"), v => v.permute(2, 0, 1))),
        Of("transpose/TNN", 2, 3, (s, _) => (s.Spell("transpose", "-1", "0"), v => v.transpose(-1, 0))),
        Of("swapaxes/TNN", 2, 3, (_, _) => ("{0}.swapaxes(0, 1)", v => v.transpose(0, 1))),
        Of("swapdims/TNN", 2, 3, (_, _) => ("{0}.swapdims(1, 0)", v => v.transpose(0, 1))),
        Of("t/T", 2, 2, (s, _) => (s.Spell("t"), v => v.transpose(0, 1))),
        Of("T/T", 2, 2, (_, _) => ("{0}.T", v => v.transpose(0, 1))),
        Of("H/T", 2, 2, (_, _) => ("{0}.H", v => v.transpose(0, 1))),
        Of("mT/T", 2, 3, (_, _) => ("{0}.mT", v => v.transpose(-2, -1))),
        Of("mH/T", 2, 3, (_, _) => ("{0}.mH", v => v.transpose(-2, -1))),
        Of("adjoint/T", 2, 3, (s, _) => (s.Spell("adjoint"), v => v.transpose(-2, -1))),
    ];

    private static Recipe Of(string operation, int least, int most, Func<Sampler, int, (string, Func<Tensor, Tensor>)> build, double weight = 1) =>
        Recipe.On(operation, (s, x) => s.Rank(x) >= least && s.Rank(x) <= most, build, keepsSign: true, weight: weight);

    /// <summary>Some elements along an axis that has enough of them.</summary>
    private static Recipe Part(string operation, Func<Sampler, long, (string, Func<Tensor, Tensor>)> build, int least = 1, double weight = 1) =>
        Recipe.On(
            operation,
            (s, x) => s.Rank(x) >= least && s.Shape(x).All(extent => extent > 2),
            (s, x) => build(s, s.Random.Next(s.Rank(x)) is var axis && s.Chance(0.5) ? axis : axis - s.Rank(x)),
            keepsSign: !operation.StartsWith("diff", StringComparison.Ordinal),
            weight: weight);

    private static Recipe Join(string operation, string name) => new([operation], s =>
    {
        var axis = s.Random.Next(2);
        bool Fits(int a, int b) => s.Rank(a) == s.Rank(b) && s.Rank(a) > axis && s.Shape(a).Where((_, k) => k != axis).SequenceEqual(s.Shape(b).Where((_, k) => k != axis));
        return s.PickPair(Fits) is var (a, b)
            ? new Step(
                axis == 0 && s.Chance(0.5) ? $"{name}([{{0}}, {{1}}])" : s.OneOf($"{name}(new[] {{{{ {{0}}, {{1}} }}}}, {axis})", $"{name}([{{0}}, {{1}}], {axis})"),
                [a, b],
                (v, _) => cat([v[0], v[1]], axis)) { Operations = [operation], Sign = s.SignOf(a) < s.SignOf(b) ? s.SignOf(a) : s.SignOf(b) }
            : null;
    });

    private static Step? Stack(Sampler s)
    {
        if (s.PickPair((a, b) => s.Rank(a) < 3 && s.Shape(a).SequenceEqual(s.Shape(b))) is not var (a, b))
        {
            return null;
        }

        var axis = s.OneOf(0, -1);
        return new Step($"stack([{{0}}, {{1}}], {axis})", [a, b], (v, _) => stack([v[0], v[1]], axis)) { Operations = ["stack/LN"], Sign = s.SignOf(a) < s.SignOf(b) ? s.SignOf(a) : s.SignOf(b) };
    }
}
