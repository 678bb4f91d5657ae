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
        var (matrix, isTransposed) = SharedValues.MatrixOf(program, solve);
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
}
