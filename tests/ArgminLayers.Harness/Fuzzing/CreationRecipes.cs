using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Tensors of known numbers, joined with a value of their shape.</summary>
internal static class CreationRecipes
{
    public static readonly IReadOnlyList<Recipe> All =
    [
        Recipe.On(
            "zeros_like/T", (s, x) => s.Rank(x) > 0, (s, _) => (s.OneOf("maximum({0}, zeros_like({0})).square()", "{0}.zeros_like().maximum({0}).square()"), x => x.relu().square()), x => x.abs(), keepsSign: true),
        On("ones_like/T", 0, _ => "({0} + 0.5 * ones_like({0}))", x => x + 0.5),
        On("zeros/N", 1, _ => "(zeros({0}.size(-1)) + {0})", x => x),
        On("ones/N", 1, _ => "(ones({0}.size(-1), dtype: {0}.dtype) + {0})", x => x + 1),
        Of("zeros/NN", 2, _ => "({0} + zeros({0}.size(0), {0}.size(1)))", x => x),
        Of("ones/NN", 2, _ => "({0} + ones({0}.size(0), {0}.size(1)))", x => x + 1),
        Of("zeros/NNN", 3, _ => "({0} + zeros({0}.size(0), {0}.size(1), {0}.size(2)))", x => x),
        Of("ones/NNN", 3, _ => "({0} + ones({0}.size(0), {0}.size(1), {0}.size(2)))", x => x + 1),
        On("zeros/NNNN", 0, _ => "({0} + zeros(1, 1, 1, 1).sum())", x => x),
        On("ones/NNNN", 0, _ => "({0} + ones(1, 1, 1, 2).sum())", x => x + 2),
        On("zeros/D", 1, s => s.OneOf("({0} + zeros({0}.shape))", "({0} + zeros([{0}.size(-1)]))"), x => x),
        On("ones/D", 1, s => s.OneOf("({0} + ones({0}.shape))", "({0} + ones(new long[] {{ {0}.size(-1) }}))"), x => x + 1),
        Recipe.On("eye/N", (s, x) => s.Shape(x) is [var rows, var columns] && rows == columns, (_, _) => ("({0} + 2 * eye({0}.size(0), dtype: {0}.dtype))", x => x + (2 * eye(x.shape[0], dtype: x.dtype)))),
        On("arange/N", 1, s => s.OneOf("({0} + 0.1 * arange({0}.size(-1), dtype: {0}.dtype))", "({0} + 0.1 * torch.arange({0}.size(-1), dtype: {0}.dtype))"), x => x + (0.1 * arange(x.shape[^1], dtype: x.dtype)), keepsSign: true),
    ];

    private static Recipe On(string operation, int least, Func<Sampler, string> text, Func<Tensor, Tensor> value, bool keepsSign = true) =>
        Recipe.On(operation, (s, x) => s.Rank(x) >= least, (s, _) => (text(s), value), keepsSign: keepsSign, weight: 0.5);

    private static Recipe Of(string operation, int rank, Func<Sampler, string> text, Func<Tensor, Tensor> value) =>
        Recipe.On(operation, (s, x) => s.Rank(x) == rank, (s, _) => (text(s), value), keepsSign: true, weight: 0.5);
}
