using ArgminLayers.Generator.Lowering;
using static TorchSharp.torch;

namespace ArgminLayers.Harness.Fuzzing;

/// <summary>All recipes. The compiler's own table says which there have to be.</summary>
internal static class RecipeTable
{
    public static readonly IReadOnlyList<Recipe> All =
        [.. ElementwiseRecipes.All, .. ArithmeticRecipes.All, .. ReductionRecipes.All, .. ChoiceRecipes.All, .. LayoutRecipes.All, .. ProductRecipes.All, .. CreationRecipes.All];

    private static readonly double TotalWeight = All.Sum(recipe => recipe.Weight);

    /// <summary>Every operation that a run has to exercise.</summary>
    public static IEnumerable<string> Operations => All.SelectMany(recipe => recipe.Operations).Concat(NumberRecipes.Operations).Distinct();

    /// <summary>The operations that the compiler's table declares.</summary>
    public static IEnumerable<string> Declared => OperationTable.All.Select(operation => $"{operation.Name}/{operation.Kinds}").Concat(NumberFunctions.Names.Select(name => "Math." + name)).Distinct();

    /// <summary>A random recipe.</summary>
    public static Recipe Pick(Random random)
    {
        var at = random.NextDouble() * TotalWeight;
        foreach (var recipe in All)
        {
            at -= recipe.Weight;
            if (at < 0)
            {
                return recipe;
            }
        }

        return All[^1];
    }

    /// <summary>A scalar made of a step.</summary>
    public static Step ToScalar(Sampler sampler, int step) => sampler.Random.Next(4) switch
    {
        0 => new Step(sampler.Spell("mean"), [step], (v, _) => v[0].mean()) { Operations = ["mean/T"], Sign = sampler.SignOf(step) },
        1 when sampler.Rank(step) == 1 => new Step("{0}.dot({0})", [step], (v, _) => v[0].dot(v[0])) { Operations = ["dot/TT"], Sign = Sign.NonNegative },
        _ => new Step(sampler.Spell("sum"), [step], (v, _) => v[0].sum()) { Operations = ["sum/T"], Sign = sampler.SignOf(step) },
    };

    /// <summary>‖y‖² in one of its spellings.</summary>
    public static Step SquaredNorm(Sampler sampler, int step) => sampler.Random.Next(4) switch
    {
        0 when sampler.Rank(step) == 1 => new Step("{0}.dot({0})", [step], (v, _) => v[0].dot(v[0])) { Operations = ["dot/TT"], Sign = Sign.NonNegative },
        1 => new Step("({0} * {0}).sum()", [step], (v, _) => (v[0] * v[0]).sum()) { Operations = ["* TT", "sum/T"], Sign = Sign.NonNegative },
        2 => new Step("Squares({0})", [step], (v, _) => (v[0] * v[0]).sum()) { Operations = ["a call of an own method"], Sign = Sign.NonNegative },
        _ => new Step("{0}.square().sum()", [step], (v, _) => v[0].square().sum()) { Operations = ["square/T", "sum/T"], Sign = Sign.NonNegative },
    };
}
