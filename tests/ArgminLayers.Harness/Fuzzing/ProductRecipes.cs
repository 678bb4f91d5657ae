using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Products of vectors and matrices.</summary>
internal static class ProductRecipes
{
    public static readonly IReadOnlyList<Recipe> All =
    [
        Product("dot", (a, b) => a.dot(b), (a, b) => a.Length == 1 && b.Length == 1 && a[0] == b[0]),
        Product("mv", (a, b) => a.mv(b), (a, b) => a.Length == 2 && b.Length == 1 && a[1] == b[0], 3),
        Product("mm", (a, b) => a.mm(b), (a, b) => a.Length == 2 && b.Length == 2 && a[1] == b[0], 2),
        Product("matmul", (a, b) => a.matmul(b), (a, b) => a.Length is 1 or 2 && b.Length is 1 or 2 && a[^1] == b[0], 3),
    ];

    private static Recipe Product(string name, Func<Tensor, Tensor, Tensor> function, Func<long[], long[], bool> fits, double weight = 1)
    {
        string[] operations = [$"{name}/TT"];
        return new Recipe(
            operations,
            s => s.PickPair((a, b) => fits(s.Shape(a), s.Shape(b))) is var (a, b)
                ? new Step(s.Spell(name, "{1}"), [a, b], (v, _) => function(v[0], v[1]))
                {
                    Operations = operations,
                    Sign = s.SignOf(a) < s.SignOf(b) ? s.SignOf(a) : s.SignOf(b),
                }
                : null,
            weight);
    }
}
