using TorchSharp;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>Products of vectors and matrices, diagonals, systems of equations and determinants.</summary>
internal static class ProductRecipes
{
    /// <summary>A matrix that is positive definite whatever q is, as text and in code.</summary>
    private const string Regular = "({0}.mm({0}.T) + diag(2 + {0}.diag().square()))";

    public static readonly IReadOnlyList<Recipe> All =
    [
        Product("dot", (a, b) => a.dot(b), Vectors),
        Product("vdot", (a, b) => a.dot(b), Vectors),
        Product("mv", (a, b) => a.mv(b), (a, b) => a.Length == 2 && b.Length == 1 && a[1] == b[0], 3),
        Product("mm", (a, b) => a.mm(b), (a, b) => a.Length == 2 && b.Length == 2 && a[1] == b[0], 2),
        Product("bmm", (a, b) => a.bmm(b), (a, b) => a.Length == 3 && b.Length == 3 && a[0] == b[0] && a[2] == b[1]),
        Product("matmul", (a, b) => a.matmul(b), (a, b) => a.Length is 1 or 2 && b.Length is 1 or 2 && a[^1] == b[0], 3),
        Product("matmul", (a, b) => a.matmul(b), (a, b) => a.Length == 3 && b.Length is 1 or 2 && a[^1] == b[0]),
        Product("inner", (a, b) => a.inner(b), (a, b) => a.Length > 0 && b.Length > 0 && a[^1] == b[^1]),
        Product("outer", (a, b) => a.outer(b), (a, b) => a.Length == 1 && b.Length == 1),
        Product("ger", (a, b) => a.outer(b), (a, b) => a.Length == 1 && b.Length == 1),
        new(["linalg.multi_dot/L"], s => Two(s, "linalg.multi_dot/L", "linalg.multi_dot([{0}, {1}, {1}.T])", (a, b) => a.mm(b).mm(b.transpose(0, 1)), (a, b) => a.Length == 2 && b.Length == 2 && a[1] == b[0])),
        new(["einsum/SL"], s => Two(s, "einsum/SL", "einsum(\"ij,jk->ki\", {0}, {1})", (a, b) => a.mm(b).transpose(0, 1), (a, b) => a.Length == 2 && b.Length == 2 && a[1] == b[0])),
        new(["einsum/SL"], s => Two(s, "einsum/SL", "einsum(\"td,d->td\", {0}, {1})", (a, b) => a * b, (a, b) => a.Length == 2 && b.Length == 1 && a[1] == b[0])),
        new(["einsum/SL"], s => Two(s, "einsum/SL", "einsum(\"ij,ij,ij->i\", {0}, {1}, {0})", (a, b) => (a * b * a).sum(1), (a, b) => a.Length == 2 && b.SequenceEqual(a))),
        new(["einsum/SL"], s => Two(s, "einsum/SL", "einsum(\"aij,ij->ja\", {0}, {1})", (a, b) => (a * b).sum(1).transpose(0, 1), (a, b) => a.Length == 3 && b.SequenceEqual(a[1..]))),
        new(["einsum/SL"], s => Two(s, "einsum/SL", "einsum(\"...d,d->...\", {0}, {1})", (a, b) => a.matmul(b), (a, b) => a.Length is 2 or 3 && b.Length == 1 && a[^1] == b[0])),
        new(["einsum/SL"], s => Two(s, "einsum/SL", "einsum(\"i...,...j\", {0}, {1})", (a, b) => a.unsqueeze(-1).mul(b).permute(1, 0, 2), (a, b) => a.Length == 2 && b.Length == 2 && a[1] == b[0])),

        Recipe.On("diag/TN", (s, x) => s.Rank(x) == 1 || IsSquare(s, x), (s, _) => (s.Spell("diag"), x => x.diag()), weight: 2),
        Recipe.On("diag_embed/TNNN", (s, x) => s.Rank(x) is 1 or 2, (s, _) => (s.Spell("diag_embed"), x => x.diag_embed())),
        Recipe.On("diagonal/TNNN", IsSquare, (s, _) => (s.Spell("diagonal"), x => x.diag()), keepsSign: true, weight: 2),
        Recipe.On("linalg.diagonal/TNNN", IsSquare, (_, _) => ("linalg.diagonal({0})", x => x.diag()), keepsSign: true),
        Recipe.On("trace/T", IsSquare, (s, _) => (s.Spell("trace"), x => x.diag().sum()), keepsSign: true, weight: 2),
        Recipe.On("inverse/T", IsSquare, (s, _) => ($"{Regular}.inverse()", x => Of(x).inverse()), weight: 2),
        Recipe.On("linalg.inv/T", IsSquare, (_, _) => ($"linalg.inv({Regular})", x => Of(x).inverse()), weight: 2),
        new(["linalg.solve/TT"], s => Two(s, "linalg.solve/TT", $"linalg.solve({Regular}, {{1}})", (q, b) => Of(q).inverse().matmul(b), (q, b) => q.Length == 2 && q[0] == q[1] && b.Length is 1 or 2 && b[0] == q[0]), 4),
        Recipe.On("det/T", (s, x) => IsSquare(s, x) && s.Shape(x)[0] < 20, (s, _) => (s.OneOf($"det({Regular}).log()", $"{Regular}.det().log()"), x => Of(x).logdet()), weight: 2),
        Recipe.On("linalg.det/T", IsSquare, (_, _) => ($"linalg.det({Regular}).log()", x => Of(x).logdet())),
        Recipe.On("logdet/T", IsSquare, (s, _) => (s.OneOf($"logdet({Regular})", $"{Regular}.logdet()"), x => Of(x).logdet()), weight: 2),
        Recipe.On("slogdet.Item2/T", IsSquare, (s, _) => ($"slogdet({Regular}).logabsdet", x => Of(x).logdet())),
        Recipe.On("linalg.slogdet.Item2/T", IsSquare, (s, _) => ($"linalg.slogdet({Regular}).Item2", x => Of(x).logdet())),
    ];

    private static bool IsSquare(Sampler s, int x) => s.Shape(x) is [var rows, var columns] && rows == columns;

    private static Tensor Of(Tensor q) => q.mm(q.transpose(0, 1)) + (2 + q.diag().square()).diag();

    private static bool Vectors(long[] a, long[] b) => a.Length == 1 && b.Length == 1 && a[0] == b[0];

    private static Step? Two(Sampler s, string operation, string format, Func<Tensor, Tensor, Tensor> function, Func<long[], long[], bool> fits) =>
        s.PickPair((a, b) => fits(s.Shape(a), s.Shape(b))) is var (a, b) ? new Step(format, [a, b], (v, _) => function(v[0], v[1])) { Operations = [operation] } : null;

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
