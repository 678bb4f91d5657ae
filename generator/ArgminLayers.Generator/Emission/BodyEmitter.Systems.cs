using System.Collections.Generic;
using System.Linq;
using ArgminLayers.Generator.Programs;

namespace ArgminLayers.Generator.Emission;

/// <content>Systems of linear equations and determinants: one factorisation a matrix, for the matrix and its transpose.</content>
internal sealed partial class BodyEmitter
{
    private readonly Dictionary<int, string> factors = new();

    private string Solution(Solve solve)
    {
        var (matrix, isTransposed) = Untransposed(solve.Matrix);
        var system = $"{Factors(matrix)}.{(isTransposed ? "SolveTransposed" : "Solve")}";
        var right = Value(solve.Right);
        if (solve.Rank == 1)
        {
            return $"{system}({right}.unsqueeze(-1)).squeeze(-1)";
        }

        if (solve.Rank == 2)
        {
            return $"{system}({right})";
        }

        // Further axes of the right-hand side are columns while the system is solved.
        var columns = identifiers.Unique("columns");
        lines.Add($"var {columns} = {system}({right}.flatten({Axes.Back(solve.Rank - 1)}, -1));");
        return $"{columns}.unflatten({columns}.dim() - 1, new long[] {{ {string.Join(", ", solve.Axes.Skip(1).Select(Size))} }})";
    }

    private string Determinant(LogDeterminant determinant) =>
        determinant.IsOfPositive ? $"{Value(determinant.Matrix)}.logdet()" : $"torch.linalg.slogdet({Value(determinant.Matrix)}).Item2";

    /// <summary>The local that holds a matrix's factors.</summary>
    private string Factors(int matrix)
    {
        if (!factors.TryGetValue(matrix, out var name))
        {
            var text = Value(matrix);
            name = identifiers.Unique((IsName(text) ? text.TrimStart('@') : "matrix") + "Factors");
            lines.Add($"// {(IsName(text) ? text : Formula(matrix))} = P L U");
            lines.Add($"var {name} = new global::ArgminLayers.LuFactors({text});");
            factors.Add(matrix, name);
        }

        return name;
    }

    private static bool IsName(string text) => text.All(c => char.IsLetterOrDigit(c) || c is '_' or '@');

    /// <summary>The matrix, and whether the value is its transpose.</summary>
    private (int Matrix, bool IsTransposed) Untransposed(int value) =>
        program.Nodes[value] is Contraction { Coefficient: 1, Rank: 2, Summed.Count: 0, Factors: { Count: 1 } single } && single[0].Labels.SequenceEqual(new[] { 1, 0 })
            ? (single[0].Value, true)
            : (value, false);

    /// <summary>Factorises before the first result what the systems of several results need.</summary>
    private void FactorShared(IReadOnlyList<HashSet<int>> reach)
    {
        var systems = Enumerable.Range(0, program.Nodes.Count).Where(i => program.Nodes[i] is Solve && reach[i].Count > 0)
            .GroupBy(i => Untransposed(((Solve)program.Nodes[i]).Matrix).Matrix);
        foreach (var system in systems.Where(group => group.SelectMany(i => reach[i]).Distinct().Count() > 1))
        {
            Factors(system.Key);
        }
    }
}
